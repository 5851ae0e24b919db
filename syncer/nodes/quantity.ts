/** Billionths: the smallest unit in which Kubernetes states an amount. */
const NANO = 1_000_000_000n;

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

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

/**
 * Writes billionths in the form in which an API server gives them back, so that equal amounts are equal text. What is
 * less than the kind of amount can say (a thousandth of a CPU, a KiB of memory) is rounded down.
 *
 * @param like an amount of the same kind: in powers of 1024 if that is
 */
export function formatQuantity(nano: bigint, like: string): string {
  if (nano <= 0n) return '0';
  if (like.endsWith('i')) return shortest(nano / NANO / 1024n, 1024n, BINARY.slice(1));
  return shortest(nano / 1_000_000n, 1000n, DECIMAL.slice(2));
}

/** `count` of the first unit, in the largest unit that states it without a fraction. */
function shortest(count: bigint, step: bigint, units: readonly string[]): string {
  let [amount, unit] = [count, 0];
  if (amount === 0n) return '0';
  while (amount % step === 0n && unit + 1 < units.length) {
    amount /= step;
    unit += 1;
  }
  return `${amount}${units[unit] ?? ''}`;
}

function scaleOf(suffix: string, exponent: number): readonly [multiplier: bigint, divisor: bigint] {
  if (suffix.endsWith('i')) return [1024n ** BigInt(BINARY.indexOf(suffix)), 1n];
  const power = suffix === '' ? exponent : (DECIMAL.indexOf(suffix) - 3) * 3;
  return power >= 0 ? [10n ** BigInt(power), 1n] : [1n, 10n ** BigInt(-power)];
}
