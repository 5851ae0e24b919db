import { createHash } from 'node:crypto';
import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { clusterScopedMarker } from '../../engine/placement';
import type { ClusterContext } from '../../engine/types';
import { holderOf, type Lease } from '../../kube/lease';
import { isAtLeast } from '../../kube/versions';
import { type ClaimState, overlaps } from '../hostnames';

/** The name of the Lease that stands for a host name: wildcards and long names fit into no object's name. */
export function claimName(hostname: string): string {
  return `hostname-${createHash('sha256').update(hostname).digest('hex').slice(0, 40)}`;
}

/** Who claims: on one host no two clusters have the same namespace and name. */
export function claimantOf({ cluster, hostNamespace }: Pick<ClusterContext, 'cluster' | 'hostNamespace'>): string {
  return `${hostNamespace}/${cluster}`;
}

/** The Lease by which a cluster claims a host name. It is made once and never changed. */
export function claimLease(hostname: string, namespace: string, ctx: ClusterContext): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: claimName(hostname),
      namespace,
      labels: { [LABELS.managedBy]: clusterScopedMarker(ctx) },
      annotations: { [ANNOTATIONS.hostname]: hostname },
    },
    spec: { holderIdentity: claimantOf(ctx) },
  };
}

/** The host name that a Lease claims, undefined for one that claims none. */
export function claimedHostname({ metadata }: Lease): string | undefined {
  const hostname = metadata.annotations?.[ANNOTATIONS.hostname];
  return hostname !== undefined && metadata.name === claimName(hostname) ? hostname : undefined;
}

/** How a host name stands, and the Lease by which this cluster claims it, if it does. */
export interface Standing {
  readonly state: ClaimState;
  readonly own?: Lease;
}

/**
 * How a host name stands by the Leases of a watch. Of two that overlap the one that was made first counts, by its
 * resourceVersion: a watch brings what was made earlier earlier, so that whoever sees a Lease of their own has seen every
 * older one, and no two can both find themselves first.
 */
export function standing(hostname: string, leases: readonly Lease[], claimant: string): Standing {
  const rivals: Lease[] = [];
  let own: Lease | undefined;
  for (const lease of leases) {
    const other = claimedHostname(lease);
    if (other === undefined) continue;
    if (holderOf(lease) === claimant) {
      if (other === hostname) own = lease;
    } else if (overlaps(other, hostname)) rivals.push(lease);
  }
  if (own === undefined) return { state: rivals.length === 0 ? 'pending' : 'taken' };
  const { resourceVersion } = own.metadata;
  const isFirst = rivals.every((rival) => isAtLeast(rival.metadata.resourceVersion, resourceVersion));
  return { state: isFirst ? 'ours' : 'taken', own };
}
