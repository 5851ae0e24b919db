/** Time as loops see it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds of a clock that never jumps: for durations only. */
  now(): number;
  /** The wall clock: for timestamps that others read. */
  date(): Date;
  /** Calls `callback` once after `ms` milliseconds. Returns the function that cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The longest delay that Node's timers can hold, in milliseconds (24.8 days); a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** A source of numbers in [0, 1). */
export type Random = () => number;
