import type { KubeObject } from '../kube/types';

/** A pod, as far as nodes are concerned with it. */
export interface PlacedPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
}

/** Whether a node works, as far as its pods tell. */
export type NodeReadiness =
  | { readonly kind: 'ready' }
  /** `witness` is the pod that shows it. */
  | { readonly kind: 'lost'; readonly witness: string };

/**
 * Whether the node of these host pods works. One that bears the signature of a lost node is enough: the host's node
 * controller marks them all, and a kubelet that comes back writes all their statuses anew, which clears it.
 */
export function nodeReadiness<P extends KubeObject>(
  podsOnNode: readonly P[],
  showsNodeLoss: (pod: P) => boolean,
): NodeReadiness {
  const witness = podsOnNode.find(showsNodeLoss);
  return witness === undefined ? { kind: 'ready' } : { kind: 'lost', witness: witness.metadata.name ?? '' };
}

/**
 * The nodes that virtual pods need, each with its pods. Pods of DaemonSets don't count: they are there because of the
 * node, and would keep it for ever. Finished pods do: their logs are read through it.
 */
export function nodesInUse<P extends PlacedPod>(virtualPods: readonly P[]): ReadonlyMap<string, readonly P[]> {
  const placed = virtualPods.filter((pod) => !isOfDaemonSet(pod) && !!pod.spec?.nodeName);
  return Map.groupBy(placed, (pod) => pod.spec?.nodeName ?? '');
}

function isOfDaemonSet(pod: KubeObject): boolean {
  return (pod.metadata.ownerReferences ?? []).some(
    ({ kind, apiVersion, controller }) => controller === true && kind === 'DaemonSet' && apiVersion.startsWith('apps/'),
  );
}
