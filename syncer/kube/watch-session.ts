import { SubletError } from '../../lib/contract';
import { linkSignal } from './abort';
import type { Clock } from './clock';
import type { KubeClient, KubeObject, Resource, WatchEvent, WatchQuery } from './types';

/** A streaming list of which nothing comes: the server is one that does not know them and waits for changes. */
export class SilentListError extends SubletError {}

/** One watch under guard: a connection that hangs ends it, even where TCP notices nothing. */
export interface WatchSession<T> {
  /**
   * The next event, `undefined` once the watch has ended or was interrupted.
   * @throws SubletError when it broke, hung past its end, or (with `silenceMs`) kept silent for that long
   */
  next(silenceMs?: number): Promise<WatchEvent<T> | undefined>;
  /** Whether any event came. */
  readonly received: boolean;
  /** Whether {@link interrupt} ended it. */
  readonly interrupted: boolean;
  interrupt(): void;
  close(): Promise<void>;
}

/** Opens a watch that the client gives up `graceMs` after the server should have ended it. */
export function openWatchSession<T extends KubeObject>(
  client: Pick<KubeClient, 'watch'>,
  resource: Resource,
  query: WatchQuery,
  options: {
    readonly signal: AbortSignal;
    readonly clock: Clock;
    readonly graceMs: number;
    readonly onOpen: () => void;
  },
): WatchSession<T> {
  const { clock, graceMs, onOpen } = options;
  const what = `watch of ${resource.plural}`;
  const link = linkSignal(options.signal);
  const hung = new SubletError('API_UNREACHABLE', `${what}: it hung past its end`);
  const silent = new SilentListError('API_ERROR', `${what}: its initial events do not end`);
  const cancelGuard = clock.after(query.timeoutSeconds * 1000 + graceMs, () => link.abort(hung));
  const events = client.watch<T>(resource, query, { signal: link.signal, onOpen })[Symbol.asyncIterator]();
  let received = false;
  let interrupted = false;
  return {
    get received() {
      return received;
    },
    get interrupted() {
      return interrupted;
    },
    async next(silenceMs) {
      const cancel = silenceMs === undefined ? undefined : clock.after(silenceMs, () => link.abort(silent));
      try {
        const { done, value } = await events.next();
        if (!done) {
          received = true;
          return value;
        }
      } finally {
        cancel?.();
      }
      const { reason } = link.signal;
      if (reason === hung || reason === silent) throw reason;
      return undefined;
    },
    interrupt() {
      interrupted = true;
      link.abort('interrupted');
    },
    async close() {
      cancelGuard();
      link.unlink();
      link.abort('closed');
      await events.return?.();
    },
  };
}
