import { SubletError } from '../../lib/contract';
import { ApiError } from './api-error';
import { listPath } from './paths';
import {
  type KubeClient,
  type KubeObject,
  keyOf,
  type ListQuery,
  type ListResult,
  type Resource,
  type WatchEvent,
} from './types';
import { SilentListError } from './watch-session';

/** The annotation of the bookmark that ends the initial events of a streaming list. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Takes in the events of a streaming list, one by one. */
export interface InitialEvents<T extends KubeObject> {
  /** `undefined` until the closing bookmark, then the complete list. What follows belongs to the watch. */
  take(event: WatchEvent<T>): ListResult<T> | undefined;
}

/** Collects the initial events of one streaming list. */
export function collectInitialEvents<T extends KubeObject>(): InitialEvents<T> {
  const objects = new Map<string, T>();
  return {
    take({ type, object }) {
      if (type === 'DELETED') objects.delete(keyOf(object));
      else if (type !== 'BOOKMARK') objects.set(keyOf(object), object);
      else if (object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true') {
        return { items: [...objects.values()], resourceVersion: object.metadata.resourceVersion ?? '' };
      }
      return undefined;
    },
  };
}

/**
 * Whether a server that answered so does not know streaming lists: those without the feature call the parameters
 * invalid, or overlook them and keep silent. Other refusals (rights, load, an unknown kind) would meet a paged list as well.
 */
export function refusesStreamingList(error: unknown): boolean {
  if (error instanceof SilentListError) return true;
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}

/** Whether the position from which a watch was to resume is lost, so that only a new list helps. */
export function needsNewList(error: unknown): boolean {
  return error instanceof SubletError && error.code === 'WATCH_EXPIRED';
}

/**
 * Throws `WATCH_EXPIRED` when the server's store is at an earlier version than `resourceVersion`: it was restored or
 * replaced. A server does not refuse a watch from the future; it keeps silent until its store gets there, and what
 * happened until then is lost to the watch.
 */
export async function assertNotFromFuture(
  client: Pick<KubeClient, 'raw'>,
  resource: Resource,
  query: ListQuery,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  const current = versionOf(await client.raw(listPath(resource, query, { limit: 1 }), { signal }));
  if (current !== undefined && isEarlier(current, resourceVersion)) {
    throw new SubletError(
      'WATCH_EXPIRED',
      `${resource.plural}: the store is at version ${current}, earlier than the ${resourceVersion} seen before`,
    );
  }
}

/** Versions are decimal numbers that grow (KEP-5504); where a server has others, nothing can be said. */
function isEarlier(one: string, other: string): boolean {
  const numeric = /^\d+$/;
  return numeric.test(one) && numeric.test(other) && BigInt(one) < BigInt(other);
}

function versionOf(list: unknown): string | undefined {
  const metadata = typeof list === 'object' && list !== null && 'metadata' in list ? list.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('resourceVersion' in metadata)) return undefined;
  return typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : undefined;
}
