import { ApiError } from './api-error';
import type { WorkQueue } from './work-queue';

/** What a handler says when it did not fail. */
export type WorkResult =
  | { readonly kind: 'done' }
  /** Look at this key again then, though nothing failed. */
  | { readonly kind: 'again'; readonly afterMs: number };

/** Handles one key. What it throws means: try again later. */
export type WorkHandler<K> = (key: K, signal: AbortSignal) => Promise<WorkResult>;

/**
 * Lets `count` workers empty a queue until it is shut down and empty, or `signal` aborts. Then each finishes the key it
 * has. A key whose handler failed comes back after a wait that grows, or as long as the API server asked for.
 */
export async function runWorkers<K>(
  queue: WorkQueue<K>,
  count: number,
  handler: WorkHandler<K>,
  signal: AbortSignal,
  onError: (key: K, error: unknown) => void = () => undefined,
): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => work(queue, handler, signal, onError)));
}

async function work<K>(
  queue: WorkQueue<K>,
  handler: WorkHandler<K>,
  signal: AbortSignal,
  onError: (key: K, error: unknown) => void,
): Promise<void> {
  for (let key = await queue.get(signal); key !== undefined; key = await queue.get(signal)) {
    try {
      const result = await handler(key, signal);
      queue.forget(key);
      if (result.kind === 'again') queue.addAfter(key, result.afterMs);
    } catch (error) {
      if (!signal.aborted) onError(key, error);
      const askedMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      if (askedMs > 0) queue.addAfter(key, askedMs);
      else queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}
