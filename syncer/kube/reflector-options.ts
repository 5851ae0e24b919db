import type { SubletError } from '../../lib/contract';
import type { Clock, Random } from './clock';
import type { Logger } from './logger';
import type { Indexers } from './store';
import type { Cache, KubeClient, KubeObject, ListQuery, ObjectKey, Resource } from './types';

/** What a reflector takes. The periods, in milliseconds, follow client-go's. */
export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, 'list' | 'watch' | 'raw'>;
  readonly resource: Resource;
  /**
   * What to cache. With a selector, an object that stops matching is reported as an observed deletion, as the server
   * reports it so: whoever draws conclusions from deletions must not use one.
   */
  readonly query: ListQuery;
  /** Drops from each object what nobody reads, before it is cached. Managed fields are dropped anyway. */
  readonly transform?: (object: T) => T;
  readonly indexers?: Indexers<T>;
  /**
   * Whether the server may not know the kind, because it comes with an add-on. The cache then counts as filled and is
   * empty; what it held before stays in it, and the kind is asked for again until it is served.
   * @default false
   */
  readonly optional?: boolean;
  /**
   * Whether the server may refuse to show the objects, as their namespace, and with it the right to look there, may
   * come later. Until then the kind counts as not served, see {@link optional}.
   * @default false
   */
  readonly deniable?: boolean;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Bounds of the wait after a failure, each wait being random below them. @default 800 and 30000 */
  readonly backoff?: { readonly baseMs: number; readonly capMs: number };
  /** After how many seconds the server ends each watch: a random number from here to its double. @default 300 */
  readonly watchSeconds?: number;
  /** How long past its end a watch may hang before it counts as dead. @default 15000 */
  readonly graceMs?: number;
  /** How long events that are still under way may take when the cache is compared with a list. @default 5000 */
  readonly lagMs?: number;
  /** How long a streaming list may pause before it counts as not supported. @default 60000 */
  readonly initialSilenceMs?: number;
}

/** A cache and the loop that keeps it. */
export interface Reflector<T extends KubeObject> extends Cache<T> {
  /** Keeps the cache until `signal` aborts. No error ends it; it may be called once. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Takes in a complete list that begins after this call.
   * @throws SubletError what the list failed of, or `INTERRUPTED`
   */
  relist(signal: AbortSignal): Promise<void>;
  /**
   * Compares the cache with a complete list of metadata, and takes in a fresh list if the watch has kept something from
   * it. A cache that is known to lag behind is not looked at.
   * @returns the keys of which the watch did not tell, none in a correct world
   * @throws SubletError what the list failed of, or `INTERRUPTED`
   */
  verify(signal: AbortSignal): Promise<readonly ObjectKey[]>;
  /** Why the cache may lag behind, `undefined` while it follows. */
  readonly lastSyncError: SubletError | undefined;
  /** Begins a time after which all who subscribed in it are let go: by the function that is returned. */
  lend(): () => void;
}
