import { type Clock, type Random, systemClock } from './clock';

/** What a work queue takes. */
export interface WorkQueueOptions {
  /** Wait after the first failure of a key, in milliseconds; it doubles with each further one. @default 5 */
  readonly baseDelayMs?: number;
  /** Longest wait, in milliseconds. @default 60000 */
  readonly maxDelayMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * A queue of keys with client-go's promises: a key waits in it once, however often it is added; no two workers have the
 * same key; a key that is added while a worker has it comes again afterwards.
 */
export interface WorkQueue<K = string> {
  add(key: K): void;
  /** Adds later. Of several such calls for one key the earliest time counts. */
  addAfter(key: K, ms: number): void;
  /** Adds after a wait that grows with each call until {@link forget}. */
  addRateLimited(key: K): void;
  /** After a success: the next failure of this key is its first. */
  forget(key: K): void;
  /** How often a key failed since it was last forgotten. */
  failures(key: K): number;
  /** The next key, which is the caller's until {@link done}. `undefined`: the queue was shut down, or `signal` aborted. */
  get(signal: AbortSignal): Promise<K | undefined>;
  done(key: K): void;
  /** Whether a key waits for a worker, or a worker has it. */
  isBusyWith(key: K): boolean;
  /** Keys that wait for a worker; those whose time has not come don't count. */
  readonly depth: number;
  /** Takes no more keys and drops those whose time has not come. Resolves once all others were handed out and are done. */
  shutDown(): Promise<void>;
}

/** Makes an empty work queue. */
export function createWorkQueue<K = string>(options: WorkQueueOptions = {}): WorkQueue<K> {
  return new KeyQueue(options);
}

interface Delayed {
  readonly due: number;
  readonly cancel: () => void;
}

class KeyQueue<K> implements WorkQueue<K> {
  /** Keys to be handed out, in order of arrival. A Set keeps that order and removes its first in constant time. */
  readonly #ready = new Set<K>();
  readonly #processing = new Set<K>();
  /** Keys that were added while a worker had them. */
  readonly #again = new Set<K>();
  readonly #delayed = new Map<K, Delayed>();
  readonly #failures = new Map<K, number>();
  readonly #takers = new Set<(key: K | undefined) => void>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #baseDelayMs: number;
  readonly #maxDelayMs: number;
  #closing = false;

  constructor({ baseDelayMs = 5, maxDelayMs = 60_000, clock = systemClock, random = Math.random }: WorkQueueOptions) {
    this.#baseDelayMs = baseDelayMs;
    this.#maxDelayMs = maxDelayMs;
    this.#clock = clock;
    this.#random = random;
  }

  get depth(): number {
    return this.#ready.size;
  }

  isBusyWith(key: K): boolean {
    return this.#ready.has(key) || this.#processing.has(key);
  }

  add(key: K): void {
    if (this.#closing) return;
    if (this.#processing.has(key)) this.#again.add(key);
    else this.#enqueue(key);
  }

  addAfter(key: K, ms: number): void {
    if (this.#closing) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const due = this.#clock.now() + ms;
    const planned = this.#delayed.get(key);
    if (planned !== undefined && planned.due <= due) return;
    planned?.cancel();
    const cancel = this.#clock.after(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, cancel });
  }

  addRateLimited(key: K): void {
    const failures = this.failures(key);
    this.#failures.set(key, failures + 1);
    const bound = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** failures);
    // Half of it is random, so that keys that failed together don't come back together.
    this.addAfter(key, (bound * (1 + this.#random())) / 2);
  }

  forget(key: K): void {
    this.#failures.delete(key);
  }

  failures(key: K): number {
    return this.#failures.get(key) ?? 0;
  }

  get(signal: AbortSignal): Promise<K | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    for (const key of this.#ready) {
      this.#ready.delete(key);
      this.#processing.add(key);
      return Promise.resolve(key);
    }
    if (this.#closing) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const take = (key: K | undefined): void => {
        this.#takers.delete(take);
        signal.removeEventListener('abort', leave);
        resolve(key);
      };
      const leave = (): void => take(undefined);
      this.#takers.add(take);
      signal.addEventListener('abort', leave);
    });
  }

  done(key: K): void {
    this.#processing.delete(key);
    if (this.#again.delete(key)) this.#enqueue(key);
    this.#settle();
  }

  shutDown(): Promise<void> {
    this.#closing = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    for (const take of this.#takers) take(undefined);
    this.#settle();
    return this.#drained.promise;
  }

  #enqueue(key: K): void {
    for (const take of this.#takers) {
      this.#processing.add(key);
      take(key);
      return;
    }
    this.#ready.add(key);
  }

  #settle(): void {
    if (this.#closing && this.#ready.size === 0 && this.#processing.size === 0) this.#drained.resolve();
  }
}
