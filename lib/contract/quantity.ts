/** One, in billionths: the smallest unit in which Kubernetes states an amount. */
export const NANO = 1_000_000_000n;

/** Suffixes of amounts by thousands, from billionths on. */
export const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Suffixes of amounts by 1024. */
export const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** An amount as Kubernetes writes it (`250m`, `64Mi`, `5e3`), in billionths; `undefined` if it is none. */
export function parseQuantity(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const [multiplier, divisor] = scaleOf(suffix, exponent === undefined ? 0 : Number(exponent));
  const digits = BigInt(`${whole}${fraction}`);
  const scaled = (digits * multiplier * NANO) / (divisor * 10n ** BigInt(fraction.length));
  return sign === '-' ? -scaled : scaled;
}

function scaleOf(suffix: string, exponent: number): readonly [multiplier: bigint, divisor: bigint] {
  if (suffix.endsWith('i')) return [1024n ** BigInt(BINARY.indexOf(suffix)), 1n];
  const power = suffix === '' ? exponent : (DECIMAL.indexOf(suffix) - 3) * 3;
  return power >= 0 ? [10n ** BigInt(power), 1n] : [1n, 10n ** BigInt(-power)];
}
