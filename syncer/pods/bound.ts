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

/** Whether all containers of a pod have ended for good. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
