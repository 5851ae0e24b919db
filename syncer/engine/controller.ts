import { toSubletError } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import type { ObjectKey } from '../kube/types';
import { createWorkQueue } from '../kube/work-queue';
import { runWorkers, type WorkResult } from '../kube/workers';
import type { Outcome } from './kind';

/** Where a controller reports what it does. */
export interface ControllerReport {
  /** One reconcile ended, after this many milliseconds. `patrolled` tells that nothing but the patrol had asked for it. */
  finished(controller: string, key: ObjectKey, outcome: Outcome, milliseconds: number, patrolled: boolean): void;
  /** One reconcile failed and will be tried again; `attempt` counts from 1. */
  failed(controller: string, key: ObjectKey, error: unknown, attempt: number): void;
}

/** What a {@link Controller} runs. */
export interface ControllerOptions {
  /** The name in logs and metrics. */
  readonly name: string;
  readonly reconcile: (key: ObjectKey, signal: AbortSignal) => Promise<Outcome>;
  readonly report: ControllerReport;
  /** How many keys are worked on at once. @default 10 */
  readonly workers?: number;
}

/** Milliseconds after which an absence that could not be confirmed is looked at again. */
const UNCONFIRMED_RETRY_MS = 10_000;

/** Milliseconds after which a name that somebody else has is tried again: no watch tells when it is given up. */
const CONFLICT_RETRY_MS = 60_000;

/** Works through the keys of one kind: each at most once at a time, failures again with back-off. */
export class Controller {
  readonly #queue = createWorkQueue<ObjectKey>();
  readonly #waiting = new Set<ObjectKey>();
  readonly #attempts = new Map<ObjectKey, number>();
  /** Keys that the patrol has put into the queue, and whether something else has asked for them too. */
  readonly #patrolled = new Map<ObjectKey, 'patrol' | 'change'>();
  #lookedAt = 0;
  #wakes = 0;

  constructor(private readonly options: ControllerOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** How many keys wait to be worked on. */
  get depth(): number {
    return this.#queue.depth;
  }

  enqueue(key: ObjectKey): void {
    if (this.#patrolled.has(key)) this.#patrolled.set(key, 'change');
    this.#queue.add(key);
  }

  enqueueAfter(key: ObjectKey, milliseconds: number): void {
    this.#queue.addAfter(key, milliseconds);
  }

  /** Looks again at every key that waited for something: called when something it may wait for has changed. */
  wake(): void {
    this.#wakes += 1;
    const keys = [...this.#waiting];
    this.#waiting.clear();
    for (const key of keys) this.enqueue(key);
  }

  /** Looks at every key again. In a correct engine that finds nothing to do, and the report tells if it did. */
  patrol(keys: Iterable<ObjectKey>): void {
    for (const key of keys) {
      // What is under way anyway is nobody's discovery.
      const isUnderWay = this.#queue.isBusyWith(key) || this.#attempts.has(key);
      this.#patrolled.set(key, isUnderWay ? 'change' : 'patrol');
      this.#queue.add(key);
    }
  }

  /** How many keys of {@link patrol} are still to be looked at, or are just being looked at. */
  get patrolling(): number {
    return this.#patrolled.size + this.#lookedAt;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { workers = 10 } = this.options;
    await runWorkers(
      this.#queue,
      workers,
      (key) => this.#work(key, signal),
      signal,
      (key, error) => this.#failed(key, error),
    );
    // Keys whose time has not come (tokens to be renewed in an hour) must not keep the process alive.
    void this.#queue.shutDown();
  }

  async #work(key: ObjectKey, signal: AbortSignal): Promise<WorkResult> {
    const { name, reconcile, report } = this.options;
    const started = performance.now();
    const wakes = this.#wakes;
    const askedBy = this.#patrolled.get(key);
    this.#patrolled.delete(key);
    this.#waiting.delete(key);
    if (askedBy !== undefined) this.#lookedAt += 1;
    let outcome: Outcome;
    try {
      outcome = await reconcile(key, signal);
    } finally {
      if (askedBy !== undefined) this.#lookedAt -= 1;
    }
    this.#attempts.delete(key);
    report.finished(name, key, outcome, performance.now() - started, askedBy === 'patrol');
    if (outcome.kind === 'unconfirmed') return { kind: 'again', afterMs: UNCONFIRMED_RETRY_MS };
    if (outcome.kind === 'conflict') return { kind: 'again', afterMs: CONFLICT_RETRY_MS };
    if (outcome.kind === 'waiting') {
      // What it waits for may have come while it was being looked at.
      if (wakes !== this.#wakes) return { kind: 'again', afterMs: 0 };
      this.#waiting.add(key);
    }
    return { kind: 'done' };
  }

  #failed(key: ObjectKey, thrown: unknown): void {
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    const conflict = thrown instanceof ApiError && thrown.code === 'API_CONFLICT';
    // A conflict means that a newer version is under way on the watch: it is no failure worth telling.
    if (!conflict || attempt > 5)
      this.options.report.failed(this.name, key, toSubletError(thrown, 'API_ERROR'), attempt);
  }
}
