import type { Pod } from './types';

/** The reason that a kubelet gives when a readiness gate keeps a pod from being ready. */
const GATES_NOT_READY = 'ReadinessGatesNotReady';

/**
 * Whether a host pod bears the mark of a lost node. The host's node-lifecycle controller sets nothing but `Ready` to
 * false; a kubelet would do so only together with `ContainersReady`, or because of a readiness gate. So the syncer sees
 * a node's death without any right on nodes. The mark goes with the next status that a kubelet writes.
 */
export function lostItsNode(host: Pod): boolean {
  const conditions = host.status?.conditions ?? [];
  const holds = (wanted: string) => conditions.some(({ type, status }) => type === wanted && status === 'True');
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'False' || ready.reason === GATES_NOT_READY || !holds('ContainersReady')) return false;
  return (host.spec.readinessGates ?? []).every(({ conditionType }) => holds(conditionType));
}
