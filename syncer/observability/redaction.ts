/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** How deep an object is written out; what lies below is named by its type only. */
const DEEPEST = 6;

const SECRET_KEY =
  /^(authorization|proxy-authorization|cookie|set-cookie|(.*[-_])?token|(.*[-_])?password|(.*[-_])?secret|(.*[-_.])?key|data|stringData)$/i;
const CAMEL_SECRET_KEY = /(Token|Password|Secret|PrivateKey|clientKey)$/;
/** Keys that match by their ending and are no secrets. */
const HARMLESS_KEY = /^(key|labelKey|objectKey|queueKey)$/;

/**
 * A copy of what a log line is to hold, without secrets: values under keys that name one are replaced, errors are
 * written out with their code and cause, and what holds itself or lies too deep is cut off.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs;

/** A finished text without tokens and private keys, wherever they stand in it. */
export function redactText(text: string): string {
  return text
    .replace(JWT, REDACTED)
    .replace(BEARER, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(PRIVATE_KEY, REDACTED);
}

function copy(value: unknown, depth: number, ancestors: ReadonlySet<object>): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.has(value)) return '[circular]';
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (value instanceof Date) return value.toISOString();
  if (depth >= DEEPEST) return Array.isArray(value) ? '[array]' : '[object]';
  const within = new Set([...ancestors, value]);
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, within));
  const entries = value instanceof Error ? fieldsOfError(value) : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, isSecret(key, item) ? REDACTED : copy(item, depth + 1, within)]),
  );
}

function isSecret(key: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return false;
  return !HARMLESS_KEY.test(key) && (SECRET_KEY.test(key) || CAMEL_SECRET_KEY.test(key));
}

function fieldsOfError(error: Error): readonly (readonly [string, unknown])[] {
  const own = Object.entries(error).filter(([key]) => key !== 'name');
  const { cause } = error;
  return [
    ['type', error.name],
    ['message', error.message],
    ...own,
    ...(cause === undefined ? [] : [['cause', cause] as const]),
    ['stack', error.stack],
  ];
}
