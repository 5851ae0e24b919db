import { clusterScopedHostName, hostName, safeConcat } from '../../lib/contract';
import type { ObjectKey } from '../kube/types';
import { splitKey } from './side';
import type { ClusterContext } from './types';

/** Where the host holds the copy of a virtual object. */
export interface HostPlace {
  /** `undefined` for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Where the host holds the copy of the virtual object of this name; without a namespace, of a cluster-scoped one. */
export function hostPlace(name: string, namespace: string | undefined, ctx: ClusterContext): HostPlace {
  return namespace === undefined
    ? { namespace: undefined, name: clusterScopedHostName(name, ctx.hostNamespace, ctx.cluster) }
    : { namespace: ctx.hostNamespace, name: hostName(name, namespace, ctx.cluster) };
}

/** The host name alone, for references within one namespace. */
export function hostNameOf(name: string, namespace: string | undefined, ctx: ClusterContext): string {
  return hostPlace(name, namespace, ctx).name;
}

/** {@link hostPlace} of a key, as a key. */
export function hostKeyOf(key: ObjectKey, ctx: ClusterContext): ObjectKey {
  const { namespace, name } = splitKey(key);
  const place = hostPlace(name, namespace, ctx);
  return place.namespace === undefined ? place.name : `${place.namespace}/${place.name}`;
}

/** Whether objects of a virtual namespace may lie on the host at all. */
export function isPlaced(_namespace: string | undefined, _ctx: ClusterContext): boolean {
  return true;
}

/** The value of the label `managed-by` on cluster-scoped copies: `<hostNamespace>-x-<cluster>`, as vCluster forms it. */
export function clusterScopedMarker(ctx: Pick<ClusterContext, 'hostNamespace' | 'cluster'>): string {
  return safeConcat(ctx.hostNamespace, 'x', ctx.cluster);
}
