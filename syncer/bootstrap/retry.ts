import { SubletError } from '../../lib/contract';
import { interrupted, pause } from '../kube/abort';
import { ApiError } from '../kube/api-error';
import { createBackoff } from '../kube/backoff';
import { type Clock, type Random, systemClock } from '../kube/clock';
import type { Logger } from '../kube/logger';

/** How long and with what a start-up step is tried again. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Milliseconds after which the last error is final. */
  readonly withinMs: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Does something, again and again while it fails for reasons that pass by themselves: an API server that is not up or
 * overloaded, or something that is not there yet (`NOT_READY`).
 * @throws the last error, when time is up or when it is none of these
 */
export async function retryWhilePassing<T>(what: string, work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, logger, withinMs, clock = systemClock, random = Math.random } = options;
  const backoff = createBackoff(FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
  const end = clock.now() + withinMs;
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw interrupted(what, signal);
    try {
      return await work();
    } catch (error) {
      const wait = Math.max(SHORTEST_WAIT_MS, backoff.next());
      if (!isPassing(error) || clock.now() + wait > end) throw error;
      logger.warn({ attempt, code: error.code, reason: error.message }, `${what}: trying again`);
      await pause(wait, signal, clock);
    }
  }
}

const SHORTEST_WAIT_MS = 50;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;

function isPassing(error: unknown): error is SubletError {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  return error instanceof SubletError && (error.code === 'API_UNREACHABLE' || error.code === 'NOT_READY');
}
