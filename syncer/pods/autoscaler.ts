import type { StringMap } from '../engine/metadata';
import type { Pod } from './types';

/**
 * What the host's cluster autoscaler must know of a pod. On the host no controller owns it, and a pod without one keeps
 * its node from being removed. The keys are the autoscaler's own (its FAQ: "What types of pods can prevent CA from
 * removing a node?").
 */
export function autoscalerAnnotations({ metadata: { ownerReferences = [] } }: Pod): StringMap {
  const controller = ownerReferences.find((owner) => owner.controller === true);
  if (controller === undefined) return {};
  return {
    'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true',
    ...(controller.kind === 'DaemonSet' && { 'cluster-autoscaler.kubernetes.io/daemonset-pod': 'true' }),
  };
}
