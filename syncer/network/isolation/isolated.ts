import type { IsolatedCluster } from '../../../lib/contract/network';
import { spansNamespaces } from '../../engine/host-namespace';
import { clusterScopedMarker } from '../../engine/placement';
import type { ClusterContext } from '../../engine/types';

/** What isolation says about the network of this virtual cluster, `undefined` where it says nothing. */
export function isolatedCluster(
  ctx: Pick<ClusterContext, 'cluster' | 'hostNamespace' | 'config' | 'sections'>,
): IsolatedCluster | undefined {
  const { isolation } = ctx.sections;
  if (isolation.level === 'off' || !isolation.network.enforce) return undefined;
  const spans = spansNamespaces(ctx);
  return {
    cluster: ctx.cluster,
    hostNamespace: ctx.hostNamespace,
    place: spans ? 'elsewhere' : 'home',
    ...(spans && { scope: clusterScopedMarker(ctx) }),
    dns: ctx.config.dns,
    network: isolation.network,
  };
}
