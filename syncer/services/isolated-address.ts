import { coversRange, parseRange } from '../../lib/contract/network';
import type { ClusterContext } from '../engine/types';
import { isolatedCluster } from '../network/isolation/isolated';
import { forbiddenAddress } from './addresses';

/** Whether a pod of this virtual cluster has an address. */
export type IsOwnPod = (address: string) => boolean;

/**
 * What is wrong with an endpoint's address, or `undefined` when it may be used. Where isolation keeps pods in, a Service
 * leads where they may go themselves and nowhere else: an ingress controller that follows it is not kept in.
 */
export function refusedEndpoint(address: string, ctx: ClusterContext, isOwnPod: IsOwnPod): string | undefined {
  const wrong = forbiddenAddress(address);
  if (wrong !== undefined) return wrong;
  const isolated = isolatedCluster(ctx);
  if (isolated === undefined || isOwnPod(address)) return undefined;
  const single = parseRange(address);
  const isIn = (text: string): boolean => {
    const range = parseRange(text);
    return single !== undefined && range !== undefined && coversRange(range, single);
  };
  const open = isolated.network.egress.some(
    ({ peer }) => 'cidr' in peer && isIn(peer.cidr) && !peer.except.some((except) => isIn(except)),
  );
  return open ? undefined : 'no address of a pod of this cluster, nor one that isolation allows pods to reach';
}
