import type { Random } from './clock';

/** Growing waits between attempts. */
export interface Backoff {
  /** Milliseconds to wait before the next attempt. */
  next(): number;
  /** After a success: start from the beginning. */
  reset(): void;
}

/**
 * Exponential backoff with full jitter: a wait is anything between nothing and a bound that starts at `baseMs` and
 * doubles up to `capMs`, so that many clients of a server that comes back don't come all at once.
 */
export function createBackoff(baseMs: number, capMs: number, random: Random = Math.random): Backoff {
  let bound = baseMs;
  return {
    next() {
      const wait = random() * bound;
      bound = Math.min(capMs, bound * 2);
      return wait;
    },
    reset() {
      bound = baseMs;
    },
  };
}
