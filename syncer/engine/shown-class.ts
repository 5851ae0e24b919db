import { type ImportSelector, isReservedKey } from '../../lib/contract';
import { apiVersionOf } from '../kube/resources';
import type { KubeObject, Resource } from '../kube/types';
import { type Declaration, toVirtual } from './declaration';
import { mergePatch, type OwnedPath } from './diff';
import { isSelected } from './selected';
import type { ClusterContext } from './types';

/** A cluster-scoped kind of the host that tenants choose from by name, and may look at: a class, a driver, a device. */
export interface ShownClass<T extends KubeObject> {
  readonly resource: Resource;
  /** Whether it is shown, and which objects of it. */
  readonly settings: (context: ClusterContext) => { readonly enabled: boolean; readonly selector: ImportSelector };
  /** Objects that are never shown, as every cluster has its own of that name. @default none */
  readonly excludes?: (host: T) => boolean;
  /** What the tenant sees of a host object, besides `apiVersion`, `kind` and `metadata`. */
  readonly content: (host: T, context: ClusterContext) => Omit<T, 'metadata' | 'apiVersion' | 'kind'>;
  /** The top-level fields of {@link content}, which are kept as the host has them. */
  readonly owned: readonly OwnedPath[];
  /** Those of {@link owned} that the API server does not let anybody change. A difference there replaces the object. */
  readonly immutable?: readonly string[];
  /** The fields of `status` that {@link content} shows too, as dotted paths, for kinds with that subresource. @default none */
  readonly ownedStatus?: readonly OwnedPath[];
  /** Annotations that mean something to tenants (`storageclass.kubernetes.io/is-default-class`). @default none */
  readonly annotations?: readonly string[];
  readonly optional?: boolean;
  readonly crds?: readonly string[];
}

/**
 * Declares a kind that is shown under its own names. Labels of the host are shown, so that tenants can select by them;
 * annotations only where they are named here.
 */
export function shownClass<T extends KubeObject>(of: ShownClass<T>): Declaration {
  const { resource, content, owned, immutable = [], ownedStatus = [], annotations = [], optional = false } = of;
  return toVirtual<T, KubeObject>({
    resource,
    enabled: (context) => of.settings(context).enabled,
    ...(of.crds === undefined ? {} : { crds: of.crds }),
    virtualCache: { optional },
    hostCache: () => ({ optional }),
    kind: (context) => ({
      resource,
      virtualKeyOf: (key) => key,
      hostKeyOf: (key) => key,
      translate(host) {
        if (of.excludes?.(host)) return { kind: 'skip', reason: 'every cluster has its own' };
        if (!isSelected(host, of.settings(context).selector)) return { kind: 'skip', reason: 'it is not selected' };
        const { name = '', labels = {} } = host.metadata;
        const metadata = {
          name,
          labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !isReservedKey(key))),
          annotations: pickKeys(host.metadata.annotations ?? {}, annotations),
        };
        return {
          kind: 'object',
          object: { ...content(host, context), apiVersion: apiVersionOf(resource), kind: resource.kind, metadata },
        };
      },
      changes(desired, current) {
        const patch = mergePatch(desired, current, owned);
        const status = mergePatch({ ...desired, metadata: {} }, { ...current, metadata: {} }, ownedStatus);
        const fixed = immutable.find((field) => patch !== undefined && field in patch);
        return fixed === undefined
          ? [
              ...(patch === undefined ? [] : [{ kind: 'patch', patch } as const]),
              ...(status === undefined ? [] : [{ kind: 'patch', patch: status, subresource: 'status' } as const]),
            ]
          : [{ kind: 'recreate', reason: `${fixed} has changed on the host and can't be changed here` }];
      },
    }),
  });
}

function pickKeys(map: { readonly [key: string]: string }, keys: readonly string[]) {
  return Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));
}
