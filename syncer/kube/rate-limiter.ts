/** How a request ended: the server answered, asked for fewer requests (429), or was not reached. */
export type SlotOutcome = 'answered' | 'throttled' | 'failed';

/** A place among the requests that are under way. To be called exactly once, when the request has ended. */
export type Slot = (outcome: SlotOutcome) => void;

/** Limits how many requests are under way at once. */
export interface Limiter {
  /** Waits for a place, first come first served. `undefined`: `signal` aborted first. */
  acquire(signal: AbortSignal): Promise<Slot | undefined>;
  /** How many requests may be under way now. */
  readonly limit: number;
}

/**
 * A limit that finds its own height, as TCP does: it starts at `max`, halves when the server throttles and grows by one
 * for each round of answers. A fixed rate is always wrong: too slow for an idle server, too fast for a busy one.
 */
export function createAdaptiveLimiter(max: number): Limiter {
  let limit = max;
  let active = 0;
  let issued = 0;
  let reducedAt = 0;
  const waiting = new Set<() => void>();

  const makeSlot = (): Slot => {
    issued += 1;
    const number = issued;
    return (outcome) => {
      if (outcome === 'answered') limit = Math.min(max, limit + 1 / limit);
      // Requests that were sent before the last reduction say nothing about the new limit.
      if (outcome === 'throttled' && number > reducedAt) {
        limit = Math.max(1, limit / 2);
        reducedAt = issued;
      }
      active -= 1;
      for (const admit of waiting) {
        if (active >= Math.floor(limit)) break;
        admit();
      }
    };
  };
  return {
    get limit() {
      return Math.floor(limit);
    },
    acquire(signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      if (active < Math.floor(limit)) {
        active += 1;
        return Promise.resolve(makeSlot());
      }
      return new Promise((resolve) => {
        const leave = (): void => {
          waiting.delete(admit);
          signal.removeEventListener('abort', giveUp);
        };
        const admit = (): void => {
          leave();
          active += 1;
          resolve(makeSlot());
        };
        const giveUp = (): void => {
          leave();
          resolve(undefined);
        };
        waiting.add(admit);
        signal.addEventListener('abort', giveUp);
      });
    },
  };
}
