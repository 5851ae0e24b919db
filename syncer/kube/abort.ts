import { SubletError } from '../../lib/contract';
import { type Clock, systemClock } from './clock';

/** The error of work that its caller called off. */
export function interrupted(what: string, signal: AbortSignal): SubletError {
  return new SubletError('INTERRUPTED', `${what} was called off`, { cause: signal.reason });
}

/** Resolves after `ms` milliseconds, or as soon as `signal` aborts: loops look at the signal afterwards. */
export function pause(ms: number, signal: AbortSignal, clock: Clock = systemClock): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}

/**
 * A signal of one's own that follows another one. Unlike `AbortSignal.any` it leaves nothing behind on a parent that
 * outlives it, once {@link LinkedSignal.unlink} is called.
 */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  unlink(): void;
}

/** Makes a {@link LinkedSignal} of `parent`, if there is one. */
export function linkSignal(parent: AbortSignal | undefined): LinkedSignal {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => parent?.removeEventListener('abort', follow),
  };
}

/** Waits for `promise`, but no longer than until `signal` aborts. @throws SubletError `INTERRUPTED` in that case */
export async function orInterrupted<T>(promise: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(interrupted(what, signal));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, stop.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Whichever loses the race has nobody left to hear of its failure.
    promise.catch(() => undefined);
  }
}
