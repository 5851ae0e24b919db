type Members = { readonly [key: string]: unknown };

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists of a pod's status that an API server merges, by the member that tells elements apart. */
const MERGE_KEYS: Members = { conditions: 'type', podIPs: 'ip', hostIPs: 'ip' };

/** Applies a strategic merge patch to a pod as an API server does, as far as patches of `status` need it. */
export function applyPatch<T>(target: T, patch: unknown): T {
  return merged(target, patch, '') as T;
}

function merged(target: unknown, patch: unknown, member: string): unknown {
  if (Array.isArray(patch))
    return mergedList(Array.isArray(target) ? target : [], patch, String(MERGE_KEYS[member] ?? ''));
  if (!isMembers(patch)) return patch;
  const { $patch, ...members } = patch;
  const result: { [key: string]: unknown } = isMembers(target) && $patch !== 'replace' ? { ...target } : {};
  for (const [key, value] of Object.entries(members)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value, key);
  }
  return result;
}

function mergedList(target: readonly unknown[], patch: readonly unknown[], mergeKey: string): unknown[] {
  const isDirective = (element: unknown) => isMembers(element) && element.$patch === 'replace';
  if (mergeKey === '' || patch.some(isDirective)) return patch.filter((element) => !isDirective(element));
  const result = [...target];
  for (const element of patch) {
    if (!isMembers(element)) continue;
    const index = result.findIndex((other) => isMembers(other) && other[mergeKey] === element[mergeKey]);
    if (element.$patch === 'delete') result.splice(index, index === -1 ? 0 : 1);
    else if (index === -1) result.push(merged({}, element, ''));
    else result[index] = merged(result[index], element, '');
  }
  return result;
}
