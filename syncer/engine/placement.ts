import { clusterScopedHostName, hostName, safeConcat, shortHostName } from '../../lib/contract';
import type { ObjectKey } from '../kube/types';
import { splitKey } from './side';
import type { ClusterContext } from './types';

/** Where the host holds the copy of a virtual object. */
export interface HostPlace {
  /** `undefined` for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Kinds whose names become part of longer ones, so that they must be short. */
const SHORT_NAMED: ReadonlySet<string> = new Set(['ResourceClaim', 'ResourceClaimTemplate']);

/**
 * Where the host holds the copy of the virtual object of this name; without a namespace, of a cluster-scoped one. The
 * kind matters for those few that get short names.
 */
export function hostPlace(name: string, namespace: string | undefined, ctx: ClusterContext, kind?: string): HostPlace {
  if (namespace === undefined) return { namespace, name: clusterScopedHostName(name, ctx.hostNamespace, ctx.cluster) };
  const nameOf = kind !== undefined && SHORT_NAMED.has(kind) ? shortHostName : hostName;
  return { namespace: ctx.hostNamespace, name: nameOf(name, namespace, ctx.cluster) };
}

/** The host name alone, for references within one namespace. */
export function hostNameOf(name: string, namespace: string | undefined, ctx: ClusterContext, kind?: string): string {
  return hostPlace(name, namespace, ctx, kind).name;
}

/** {@link hostPlace} of a key, as a key. */
export function hostKeyOf(key: ObjectKey, ctx: ClusterContext, kind?: string): ObjectKey {
  const { namespace, name } = splitKey(key);
  const place = hostPlace(name, namespace, ctx, kind);
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
