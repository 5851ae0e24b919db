import { type Cache, type KubeObject, keyOf, type ListResult, type ObjectKey } from './types';
import { isAtLeast } from './versions';

/**
 * The keys of which a cache does not hold what a list of later showed: objects that it lacks or has in an older version,
 * and such as it still has although they are gone. What is younger than the list counts as right.
 */
export function missedChanges(
  cache: Pick<Cache<KubeObject>, 'get' | 'list'>,
  listed: ListResult<KubeObject>,
): readonly ObjectKey[] {
  const seen = new Set<ObjectKey>();
  const missed: ObjectKey[] = [];
  for (const object of listed.items) {
    const key = keyOf(object);
    const held = cache.get(key);
    seen.add(key);
    if (held === undefined || !isAtLeast(held.metadata.resourceVersion, object.metadata.resourceVersion))
      missed.push(key);
  }
  for (const object of cache.list()) {
    const key = keyOf(object);
    if (!seen.has(key) && isAtLeast(listed.resourceVersion, object.metadata.resourceVersion)) missed.push(key);
  }
  return missed;
}
