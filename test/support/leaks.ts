/** What may stand in no object, event, log line or metric. */
export type LeakedKind = 'a token' | 'a private key';

const JWT = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** What could be either once more encoded: the beginnings of `eyJ` and of `-----BEGIN` in base64. */
const ENCODED = /(?:ZXlK|LS0tLS1CRUdJTi)[\w+/-]{20,}/g;

/**
 * The secrets that a text holds, as they are or once more in base64. The text itself is never part of the answer, so
 * that no report of a leak is one.
 */
export function leakedIn(text: string): readonly LeakedKind[] {
  const texts = [
    text,
    ...[...text.matchAll(ENCODED)].map(([found]) => Buffer.from(found, 'base64').toString('latin1')),
  ];
  return [
    ...(texts.some((one) => JWT.test(one)) ? (['a token'] as const) : []),
    ...(texts.some((one) => PRIVATE_KEY.test(one)) ? (['a private key'] as const) : []),
  ];
}

/**
 * The places within a value that hold a secret, each as a path: `metadata.annotations["example.com/note"]`.
 * Keys are looked at as well as what is under them.
 */
export function leaksIn(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') return leakedIn(value).map((kind) => `${path || '(root)'}: ${kind}`);
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaksIn(item, `${path}[${index}]`));
  return Object.entries(value).flatMap(([key, item]) => {
    const inKey = leakedIn(key);
    if (inKey.length > 0) return inKey.map((kind) => `${path || '(root)'}, a key: ${kind}`);
    return leaksIn(item, /^\w+$/.test(key) ? `${path}${path && '.'}${key}` : `${path}[${JSON.stringify(key)}]`);
  });
}
