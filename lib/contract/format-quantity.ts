import { BINARY, DECIMAL, NANO } from './quantity';

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
