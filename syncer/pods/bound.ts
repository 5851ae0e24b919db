import type { PlacedBy } from '../scheduling/placed-by';
import type { Pod } from './types';

/**
 * Whether a virtual pod was given to a node by a binding, so that it had a pod on the host. A pod that names its node
 * from the start has `nodeName` too, but nobody has said of it yet that it was scheduled or started.
 */
export function wasBound(v: Pod): boolean {
  if (!v.spec.nodeName) return false;
  const isScheduled = v.status?.conditions?.some(({ type, status }) => type === 'PodScheduled' && status === 'True');
  return isScheduled === true || Boolean(v.status?.startTime);
}

/**
 * Whether a virtual pod had a pod on the host. The host's choice of a node is known only once the host has the pod; a
 * pod that a scheduler of the virtual cluster has bound gets its host pod afterwards, and has had one when that started.
 */
export function hadHostPod(v: Pod, by: PlacedBy): boolean {
  return by === 'host' ? wasBound(v) : Boolean(v.spec.nodeName && v.status?.startTime);
}

/** Whether all containers of a pod have ended for good. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
