import type { KubeObject, ObjectKey, RequestOptions } from '../kube/types';
import { type Side, splitKey } from './side';

/** A part of the host whose objects are shown: a namespace of it, or one object. Without either, the whole host. */
export interface HostScope {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Where objects that are shown come from. */
export interface ImportSource<H extends KubeObject> {
  get(key: ObjectKey): H | undefined;
  fetch(key: ObjectKey, options?: RequestOptions): Promise<H | undefined>;
  /** Whether what is missing of this key can be believed to be gone. */
  isComplete(key: ObjectKey): boolean;
}

/** Several parts of the host as one source. What lies in none of them does not exist for it. */
export function joinSources<H extends KubeObject>(
  parts: readonly { readonly scope: HostScope; readonly side: Side<H> }[],
): ImportSource<H> {
  const partOf = (key: ObjectKey): Side<H> | undefined => {
    const { namespace, name } = splitKey(key);
    return parts.find(
      ({ scope }) =>
        (scope.namespace === undefined || scope.namespace === namespace) &&
        (scope.name === undefined || scope.name === name),
    )?.side;
  };
  return {
    get: (key) => partOf(key)?.get(key),
    fetch: async (key, options) => partOf(key)?.fetch(key, options),
    isComplete(key) {
      const cache = partOf(key)?.cache;
      return cache === undefined || (cache.synced && cache.served);
    },
  };
}
