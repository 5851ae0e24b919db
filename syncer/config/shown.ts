import { ANNOTATIONS, CONTROL_PLANE_APP, isReservedKey, LABELS, type MappedConfig } from '../../lib/contract';
import type { ImportedKind } from '../engine/imported-kind';
import { pick } from '../engine/pick';
import { splitKey } from '../engine/side';
import type { ClusterContext } from '../engine/types';
import type { KubeObject, ObjectKey, Resource } from '../kube/types';
import { configChanges } from './changes';
import { type ContentObject, contentHash } from './content';

/** A mapping with its host namespace named. */
interface Mapping {
  readonly host: { readonly namespace: string; readonly name: string | undefined };
  readonly virtual: { readonly namespace: string; readonly name: string | undefined };
}

/** ConfigMaps or Secrets of the host as they are shown in the virtual cluster, by the mappings of the declaration. */
export function shownConfig(
  resource: Resource,
  mappings: readonly MappedConfig[],
  context: ClusterContext,
): ImportedKind<ContentObject, ContentObject> {
  const named = inOrder(mappings, context);
  const virtualKeyOf = (hostKey: ObjectKey): ObjectKey | undefined => {
    const { namespace, name } = splitKey(hostKey);
    const found = named.find(({ host }) => host.namespace === namespace && (host.name ?? name) === name);
    return found && `${found.virtual.namespace}/${found.virtual.name ?? name}`;
  };
  return {
    resource,
    virtualKeyOf,
    hostKeyOf(virtualKey) {
      const { namespace, name } = splitKey(virtualKey);
      const found = named.find(
        ({ host, virtual }) => virtual.namespace === namespace && (virtual.name ?? host.name ?? name) === name,
      );
      const hostKey = found && `${found.host.namespace}/${found.host.name ?? name}`;
      // One object of a namespace that is shown as a whole may be shown elsewhere.
      return hostKey !== undefined && virtualKeyOf(hostKey) === virtualKey ? hostKey : undefined;
    },
    translate(host) {
      const why = notShown(host, context);
      if (why !== undefined) return { kind: 'skip', reason: why };
      const { namespace, name } = splitKey(virtualKeyOf(`${host.metadata.namespace}/${host.metadata.name}`) ?? '');
      const { labels = {} } = host.metadata;
      return {
        kind: 'object',
        object: {
          apiVersion: 'v1',
          kind: resource.kind,
          metadata: {
            ...(namespace !== undefined && { namespace }),
            name,
            labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !isReservedKey(key))),
            annotations: { [ANNOTATIONS.contentHash]: contentHash(host) },
          },
          ...pick(host, ['type', 'data', 'binaryData', 'immutable']),
        },
      };
    },
    changes: configChanges,
  };
}

/** The parts of the host that the mappings look at. */
export function shownScopes(mappings: readonly MappedConfig[], context: ClusterContext) {
  return inOrder(mappings, context).map(({ host }) => host);
}

/** One object goes before the namespace in which it lies. */
function inOrder(mappings: readonly MappedConfig[], { hostNamespace }: ClusterContext): readonly Mapping[] {
  const named = mappings.map(({ host, virtual }) => ({
    host: { namespace: host.namespace ?? hostNamespace, name: host.name },
    virtual: { namespace: virtual.namespace, name: virtual.name },
  }));
  return [
    ...named.filter(({ host }) => host.name !== undefined),
    ...named.filter(({ host }) => host.name === undefined),
  ];
}

/**
 * What no mapping shows: what belongs to a virtual cluster, its keys above all; what every namespace has of its own; and
 * tokens by which the host's API would know the tenant as one of its own accounts.
 */
function notShown(host: KubeObject & { readonly type?: string }, { names }: ClusterContext): string | undefined {
  const { name = '', labels = {} } = host.metadata;
  const isControlPlane = labels[LABELS.app] === CONTROL_PLANE_APP && labels[LABELS.release] !== undefined;
  const isOwn = [names.certsSecret, names.kubeconfigSecret].some((own) => own === name);
  if (isOwn || isControlPlane || Object.keys(labels).some(isReservedKey)) return 'it belongs to a virtual cluster';
  if (name === 'kube-root-ca.crt') return 'every namespace has its own';
  if (host.type === 'kubernetes.io/service-account-token') return 'it opens the host cluster';
  return undefined;
}
