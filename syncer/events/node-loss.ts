import type { HostEvent } from './types';

/**
 * Whether an event is the word of the host's node controller that it takes a pod for not ready, because the pod's node
 * went silent. Source: Kubernetes' `MarkPodsNotReady` (pkg/controller/util/node), which records it for each such pod.
 */
export function isNodeLossEvent(event: HostEvent): boolean {
  const component = event.source?.component || event.reportingComponent;
  return event.involvedObject.kind === 'Pod' && event.reason === 'NodeNotReady' && component === 'node-controller';
}
