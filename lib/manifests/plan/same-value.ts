import { isDeepStrictEqual } from 'node:util';

/** Whether a value says the same as its absence: API servers leave out what is empty. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

/** Whether a value has members of its own. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether two values mean the same to an API server, which writes quantities in a form of its own: `0.5` as `500m`.
 * @param path where they stand, in the form of {@link FieldChange.path}
 */
export function meansTheSame(one: unknown, other: unknown, path: string): boolean {
  if (isNothing(one) && isNothing(other)) return true;
  if (isDeepStrictEqual(one, other)) return true;
  if (!QUANTITY_PATH.test(path)) return false;
  const [a, b] = [quantityOf(one), quantityOf(other)];
  return a !== undefined && a === b;
}

const QUANTITY_PATH = /\.(requests|limits)\.[^.]+$|\.(requests|limits)\["[^"]+"\]$|\.sizeLimit$/;

const QUANTITY = /^([+-]?\d+(?:\.\d+)?)(?:([eE][+-]?\d+)|(m|u|n|k|[MGTPE]i?|Ki))?$/;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: { readonly [suffix: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** The number behind a quantity, `undefined` if it is none. */
export function quantityOf(value: unknown): number | undefined {
  const [, amount, exponent = '', suffix] = QUANTITY.exec(String(value)) ?? [];
  if (amount === undefined) return undefined;
  if (suffix === undefined) return Number(`${amount}${exponent}`);
  const power = BINARY.indexOf(suffix);
  return power >= 0 ? Number(amount) * 1024 ** (power + 1) : Number(`${amount}e${DECIMAL[suffix] ?? 0}`);
}
