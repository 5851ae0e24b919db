import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for a condition, and how it is called in the error. */
export interface EventuallyOptions {
  /** What is waited for, in words that finish "timed out waiting for …". */
  readonly what: string;
  /** Milliseconds until it fails. @default 60000 */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. @default 200 */
  readonly everyMs?: number;
}

/**
 * Waits until `look` returns something other than `undefined` or `false`, and returns that. An error thrown by `look`
 * counts as "not yet" and is told if time runs out.
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: EventuallyOptions,
): Promise<T> {
  const { what, timeoutMs = 60_000, everyMs = 200 } = options;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const reason = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`timed out after ${timeoutMs / 1000} s waiting for ${what}${reason}`);
    }
    await delay(everyMs);
  }
}
