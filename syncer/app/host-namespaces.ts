import { LABELS, POD_SECURITY_LABEL } from '../../lib/contract';
import { Controller } from '../engine/controller';
import { type Declaration, toHost } from '../engine/declaration';
import { mergePatch } from '../engine/diff';
import { hostNamespaceFor, spansNamespaces } from '../engine/host-namespace';
import { clusterScopedMetadata } from '../engine/metadata';
import { ownership } from '../engine/ownership';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import { RESOURCES } from '../kube/resources';
import type { CacheChange, KubeObject } from '../kube/types';
import { keyOf } from '../kube/types';
import { HostPolicies } from '../network/isolation/host-policies';
import { isolatedCluster } from '../network/isolation/isolated';

const KIND = { apiVersion: 'v1', kind: 'Namespace' } as const;

/** Host namespaces that virtual ones have of their own: made with them, deleted with them. */
export const HOST_NAMESPACES: Declaration = toHost<KubeObject, KubeObject>({
  resource: RESOURCES.namespaces,
  enabled: spansNamespaces,
  virtualCache: { metadataOnly: true },
  hostCache: { metadataOnly: true },
  kind(context, sides) {
    const existing = sides.foreign<KubeObject>(RESOURCES.namespaces, { metadataOnly: true });
    return {
      resource: RESOURCES.namespaces,
      trigger: 'always',
      translate(virtual) {
        const { admission } = context.config;
        const place = hostNamespaceFor(virtual.metadata.name ?? '', context);
        if (place.kind !== 'own') return { kind: 'skip', reason: 'it has no host namespace of its own' };
        const found = existing.get(place.name);
        if (place.named && found !== undefined && ownership(found, context).kind !== 'ours')
          return { kind: 'skip', reason: 'the declaration names a namespace that was there before' };
        const metadata = clusterScopedMetadata(virtual, context, {
          kind: KIND,
          labels: {
            [LABELS.clusterName]: context.cluster,
            [LABELS.clusterNamespace]: context.hostNamespace,
            ...(admission !== 'none' && { [POD_SECURITY_LABEL]: admission }),
          },
        });
        return { kind: 'object', object: { ...KIND, metadata } };
      },
      changes(desired, current) {
        const patch = mergePatch(desired, current, []);
        return patch === undefined ? [] : [{ kind: 'patch', patch }];
      },
    };
  },
});

/** The account under which pods run, in every host namespace of this virtual cluster. */
export const WORKLOAD_ACCOUNTS: Declaration = {
  name: 'workload-accounts',
  enabled: spansNamespaces,
  open(sides, context) {
    const namespaces = sides.foreign<KubeObject>(RESOURCES.namespaces, { metadataOnly: true });
    // The account may be there before what keeps pods in is.
    const isOurs = (found: string) => isUsable(namespaces.get(found), isNamed(found, context), undefined, context);
    const name = context.names.workloadServiceAccount;
    const accounts = sides.foreign<KubeObject>(RESOURCES.serviceAccounts, {
      fieldSelector: `metadata.name=${name}`,
      metadataOnly: true,
    });
    return {
      watched: [],
      wire({ report }) {
        const controller = new Controller({
          name: 'workload-accounts',
          report,
          workers: 2,
          async reconcile(namespace) {
            const { deletionTimestamp } = namespaces.get(namespace)?.metadata ?? {};
            if (!isOurs(namespace) || deletionTimestamp !== undefined) return { kind: 'unchanged' };
            if (accounts.get(`${namespace}/${name}`) !== undefined) return { kind: 'unchanged' };
            const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
            try {
              await accounts.create({ ...account, automountServiceAccountToken: false } as KubeObject);
            } catch (error) {
              if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
              return { kind: 'unchanged' };
            }
            return { kind: 'created' };
          },
        });
        namespaces.cache.subscribe((change) =>
          controller.enqueue(keyOf(change.kind === 'deleted' ? change.previous : change.object)),
        );
        accounts.cache.subscribe((change) => {
          if (change.kind === 'deleted') controller.enqueue(change.previous.metadata.namespace ?? '');
        });
        return {
          controller,
          *keys() {
            for (const { metadata } of namespaces.cache.list()) {
              const { name: namespace = '' } = metadata;
              if (isOurs(namespace)) yield namespace;
            }
          },
          reconcileNow: async () => {},
        };
      },
    };
  },
};

/** What keeps pods in, in every host namespace of this virtual cluster. */
export const NAMESPACE_ISOLATION: Declaration = {
  name: 'namespace-isolation',
  enabled: (context) => isolatedCluster(context)?.place === 'elsewhere',
  open(sides, context) {
    const namespaces = sides.foreign<KubeObject>(RESOURCES.namespaces, { metadataOnly: true });
    const policies = HostPolicies.of(sides, context);
    const isOurs = (name: string) => isUsable(namespaces.get(name), isNamed(name, context), undefined, context);
    return {
      watched: [],
      wire({ report }) {
        const controller = new Controller({
          name: 'namespace-isolation',
          report,
          workers: 2,
          async reconcile(namespace) {
            if (!isOurs(namespace)) return { kind: 'unchanged' };
            const written = (await policies?.ensureIn(namespace)) ?? 0;
            return { kind: written === 0 ? 'unchanged' : 'patched' };
          },
        });
        namespaces.cache.subscribe((change) => controller.enqueue(keyOf(objectOf(change))));
        policies?.subscribe((namespace) => controller.enqueue(namespace));
        return {
          controller,
          *keys() {
            for (const { metadata } of namespaces.cache.list()) {
              if (isOurs(metadata.name ?? '')) yield metadata.name ?? '';
            }
          },
          reconcileNow: async () => {},
        };
      },
    };
  },
};

function objectOf(change: CacheChange<KubeObject>): KubeObject {
  return change.kind === 'deleted' ? change.previous : change.object;
}

/** Which host namespaces objects may be put into, from the caches, see {@link ClusterContext.isUsable}. */
export function usable(
  sides: SideRegistry,
  context: ClusterContext,
): (name: string, named: boolean, virtual?: string) => boolean {
  const namespaces = sides.foreign<KubeObject>(RESOURCES.namespaces, { metadataOnly: true });
  const policies = HostPolicies.of(sides, context);
  return (name, named, virtual) =>
    isUsable(namespaces.get(name), named, virtual, context) && policies?.areIn(name) !== false;
}

/**
 * Whether objects may be put into this host namespace. One that was made for another virtual namespace goes with that
 * one: two rules can lead to the same name.
 */
export function isUsable(
  found: KubeObject | undefined,
  named: boolean,
  virtual: string | undefined,
  context: ClusterContext,
): boolean {
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return false;
  const owner = ownership(found, context);
  return owner.kind === 'ours' ? virtual === undefined || owner.key === virtual : named;
}

/** Whether a change of a host namespace can make it usable, or end that. */
export function decidesUse(change: CacheChange<KubeObject>, context: ClusterContext): boolean {
  if (change.kind !== 'modified') return concerns(change.kind === 'added' ? change.object : change.previous, context);
  const { object, previous } = change;
  const was = isUsable(previous, isNamed(keyOf(previous), context), undefined, context);
  return was !== isUsable(object, isNamed(keyOf(object), context), undefined, context);
}

function concerns(namespace: KubeObject, context: ClusterContext): boolean {
  return isNamed(keyOf(namespace), context) || ownership(namespace, context).kind === 'ours';
}

function isNamed(host: string, { sections: { namespaces } }: ClusterContext): boolean {
  return namespaces.mode === 'mapped' && namespaces.mappings.some((mapping) => mapping.host === host);
}
