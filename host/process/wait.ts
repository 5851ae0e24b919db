import { setTimeout as delay } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';

/** How long and how often a condition is looked at. */
export interface WaitOptions {
  /** What is awaited, for the error message: `etcd answers`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** @default 100 */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Facts for the error message when it is not reached in time, such as the end of a log. */
  readonly explain?: () => Promise<string>;
}

/**
 * Awaits the first result that is not `undefined`.
 * @throws SubletError `HOST_SETUP` when it takes too long, `INTERRUPTED` on the signal; whatever `probe` throws
 */
export async function waitFor<T>(probe: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const end = performance.now() + options.timeoutMs;
  for (;;) {
    throwIfInterrupted(options.signal);
    const result = await probe();
    if (result !== undefined) return result;
    if (performance.now() > end) {
      const facts = options.explain === undefined ? '' : `\n${await options.explain()}`;
      throw new SubletError('HOST_SETUP', `waited ${options.timeoutMs / 1000} s in vain until ${options.what}${facts}`);
    }
    await delay(options.intervalMs ?? 100);
  }
}

/** Ends the work when its signal says so. @throws SubletError `INTERRUPTED` */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SubletError('INTERRUPTED', 'the work on the host cluster was interrupted', {
      hint: 'Run `sublet host up` again to resume, or `sublet host down` to remove what is there.',
    });
  }
}
