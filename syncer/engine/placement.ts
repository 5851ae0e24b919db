import { clusterScopedHostName, hostName, LABELS, safeConcat, shortHostName } from '../../lib/contract';
import { isIsolationPolicyName } from '../../lib/contract/network';
import type { ListQuery, ObjectKey } from '../kube/types';
import { hostNamespaceFor, spansNamespaces } from './host-namespace';
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

/** Objects that Kubernetes puts into every namespace, so that a host namespace has its own of that name. */
const EVERYWHERE: ReadonlySet<string> = new Set(['kube-root-ca.crt']);

/**
 * Where the host holds the copy of the virtual object of this name; without a namespace, of a cluster-scoped one. The
 * kind matters for those few that are called otherwise than all others.
 */
export function hostPlace(name: string, namespace: string | undefined, ctx: ClusterContext, kind?: string): HostPlace {
  if (namespace === undefined) return { namespace, name: clusterScopedName(name, ctx, kind) };
  const place = isServedByControlPlane(name, namespace, ctx) ? SHARED : hostNamespaceFor(namespace, ctx);
  if (place.kind === 'own') return { namespace: place.name, name: nameInOwnNamespace(name, ctx, kind) };
  const nameOf = kind !== undefined && SHORT_NAMED.has(kind) ? shortHostName : hostName;
  return { namespace: ctx.hostNamespace, name: nameOf(name, namespace, ctx.cluster) };
}

const SHARED = { kind: 'shared' } as const;

/** A Service leads to pods of its own namespace only: that of DNS in the syncer must lie where the control plane does. */
function isServedByControlPlane(name: string, namespace: string, { config }: ClusterContext): boolean {
  return config.dns.mode === 'embedded' && namespace === 'kube-system' && name === 'kube-dns';
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

/** The host namespace in which the objects of a virtual one lie; that of the cluster for those that lie nowhere. */
export function hostNamespaceOf(namespace: string, ctx: ClusterContext): string {
  const place = hostNamespaceFor(namespace, ctx);
  return place.kind === 'own' ? place.name : ctx.hostNamespace;
}

/** Whether objects of a virtual namespace can be on the host: now, not yet, or never. */
export function placing(namespace: string | undefined, ctx: ClusterContext): 'now' | 'later' | 'never' {
  if (namespace === undefined) return 'now';
  const place = hostNamespaceFor(namespace, ctx);
  if (place.kind === 'shared') return 'now';
  if (place.kind === 'none') return 'never';
  return ctx.isUsable?.(place.name, place.named, namespace) ? 'now' : 'later';
}

/** The value of the label `managed-by` on cluster-scoped copies: `<hostNamespace>-x-<cluster>`, as vCluster forms it. */
export function clusterScopedMarker(ctx: Pick<ClusterContext, 'hostNamespace' | 'cluster'>): string {
  return safeConcat(ctx.hostNamespace, 'x', ctx.cluster);
}

/** Labels by which the host's objects of this virtual cluster are found. */
export function markLabels(ctx: Pick<ClusterContext, 'hostNamespace' | 'cluster' | 'sections'>) {
  const scope = spansNamespaces(ctx) ? { [LABELS.scope]: clusterScopedMarker(ctx) } : {};
  return { [LABELS.managedBy]: ctx.cluster, ...scope };
}

/** What to ask the host for, to find all namespaced objects of this virtual cluster and no others. */
export function ownObjects(ctx: Pick<ClusterContext, 'hostNamespace' | 'cluster' | 'sections'>): ListQuery {
  const labelSelector = Object.entries(markLabels(ctx))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return spansNamespaces(ctx) ? { labelSelector } : { namespace: ctx.hostNamespace, labelSelector };
}

function clusterScopedName(name: string, ctx: ClusterContext, kind: string | undefined): string {
  if (kind === 'Namespace') return hostNamespaceOf(name, ctx);
  return clusterScopedHostName(name, ctx.hostNamespace, ctx.cluster);
}

function nameInOwnNamespace(name: string, { cluster }: ClusterContext, kind: string | undefined): string {
  const taken =
    EVERYWHERE.has(name) ||
    (kind === 'ServiceAccount' && name === 'default') ||
    (kind === 'NetworkPolicy' && isIsolationPolicyName(name));
  return taken ? safeConcat('vcluster', name, 'x', cluster) : name;
}
