import { hostNodeAffinity } from '../pods/node-affinity';
import { hostPodAffinity } from '../pods/pod-affinity';
import { hostTopologySpread } from '../pods/topology-spread';
import type { Pod, PodContext, PodSpec } from '../pods/types';
import { placedBy } from './placed-by';

/** The members of a pod's `spec` by which its node is chosen, tolerations aside. */
export type Constraints = Pick<PodSpec, 'nodeSelector' | 'affinity' | 'topologySpreadConstraints'>;

/**
 * By what the host's scheduler chooses a pod's node. Where a scheduler of the virtual cluster has chosen it already,
 * by labels and pods that the host does not know, the host gets that one node and checks room and taints alone.
 *
 * @param copied the pod's `spec` after the allow-list
 */
export function hostConstraints(v: Pod, copied: Pick<PodSpec, 'nodeSelector'>, ctx: PodContext): Constraints {
  const { nodeSelector } = copied;
  const nodeAffinity = hostNodeAffinity(v, ctx);
  if (placedBy(v, ctx.sections.nodes) === 'cluster') return nodeAffinity ? { affinity: { nodeAffinity } } : {};
  const affinity = { ...hostPodAffinity(v, ctx), ...(nodeAffinity && { nodeAffinity }) };
  const topologySpreadConstraints = hostTopologySpread(v, ctx);
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(Object.keys(affinity).length > 0 && { affinity }),
    ...(topologySpreadConstraints && { topologySpreadConstraints }),
  };
}
