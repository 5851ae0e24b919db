import type { Belonging } from '../engine/ownership';
import type { PlacedBy } from '../scheduling/placed-by';
import { hadHostPod, isFinished } from './bound';
import { lostItsNode } from './node-loss';
import type { Pod } from './types';

/** What the caller knows beyond the two objects. */
export interface PodFacts {
  /** Whether a missing virtual pod is known to be gone, not just absent from a cache. */
  readonly virtualAbsence: 'confirmed' | 'unconfirmed';
  /** Whether a missing host pod is known to be gone. */
  readonly hostAbsence: 'confirmed' | 'unconfirmed';
  /** Whose the host pod is, if there is one: as `belongsTo` says, or `ours` when no virtual pod is left to compare. */
  readonly hostBelongs: Belonging | 'ours';
  /** Who chooses the virtual pod's node. */
  readonly placedBy: PlacedBy;
}

/** The next step in the life of a pod. Each changes one object; what follows from it is decided when that is seen. */
export type PodDecision =
  | { readonly kind: 'nothing'; readonly reason: string }
  /** Ask the API server of this side whether the pod is really gone, and decide again. */
  | { readonly kind: 'confirm'; readonly side: 'virtual' | 'host' }
  /** Create the host pod, if the virtual one can be translated. */
  | { readonly kind: 'create' }
  /** Bind the virtual pod to the node that the host chose (once the node exists), then go on as in `sync`. */
  | { readonly kind: 'bind'; readonly node: string }
  /** Bring spec and readiness gates to the host and status back. While `terminating`, only the status. */
  | { readonly kind: 'sync'; readonly terminating: boolean }
  | PodDeletion
  /** The host name is taken by an object that is not this pod's. */
  | { readonly kind: 'conflict'; readonly reason: string };

/** The deletion of one side's pod: only of the object with this UID. */
export interface PodDeletion {
  readonly kind: 'deleteHost' | 'deleteVirtual';
  readonly uid: string;
  /** Seconds, undefined for the pod's own `terminationGracePeriodSeconds`. */
  readonly gracePeriodSeconds: number | undefined;
  readonly reason: string;
}

/** The least grace by which a kubelet still stops containers. With 0 the API server forgets the pod at once. */
const LEAST_GRACE_SECONDS = 1;

/**
 * Decides what is to be done for a pod, from both sides' objects. Deletion goes as between an API server and a kubelet:
 * the tenant's deletion becomes that of the host pod, and the virtual pod goes for good only after its host pod has.
 */
export function podLifecycle(virtual: Pod | undefined, host: Pod | undefined, facts: PodFacts): PodDecision {
  if (virtual === undefined) return host === undefined ? nothing('neither side has it') : withoutVirtual(host, facts);
  if (host === undefined) return withoutHost(virtual, facts);
  switch (facts.hostBelongs) {
    case 'foreign':
    case 'other':
      return ofOthers(virtual, facts.hostBelongs);
    case 'previous':
      return afterPrevious(virtual, host, facts);
    default:
      return withBoth(virtual, host);
  }
}

/** The virtual pod is gone while its host pod is not: it was deleted by force, or while the syncer was away. */
function withoutVirtual(host: Pod, facts: PodFacts): PodDecision {
  if (facts.hostBelongs === 'foreign') return nothing('the host pod is not ours');
  if (facts.virtualAbsence === 'unconfirmed') return { kind: 'confirm', side: 'virtual' };
  return stopHost(host, 'its virtual pod is gone');
}

function withoutHost(virtual: Pod, facts: PodFacts): PodDecision {
  if (isFinished(virtual) && !isDeleting(virtual)) return nothing('it has finished');
  if (!isDeleting(virtual) && !hadHostPod(virtual, facts.placedBy)) return { kind: 'create' };
  if (facts.hostAbsence === 'unconfirmed') return { kind: 'confirm', side: 'host' };
  return endVirtual(virtual, isDeleting(virtual) ? 'its host pod has ended' : 'its host pod has vanished');
}

/** Nothing of this pod can be on the host under a name that others hold. */
function ofOthers(virtual: Pod, belonging: 'foreign' | 'other'): PodDecision {
  if (isDeleting(virtual)) return endVirtual(virtual, 'it has no host pod');
  const whose = belonging === 'other' ? 'another pod of this virtual cluster' : 'an object of the host cluster';
  return { kind: 'conflict', reason: `its name on the host is taken by ${whose}` };
}

/** A pod of the same name went before, and has to be gone from the host first. */
function afterPrevious(virtual: Pod, host: Pod, { placedBy }: PodFacts): PodDecision {
  if (isDeleting(virtual) || hadHostPod(virtual, placedBy)) return endVirtual(virtual, 'its host pod has vanished');
  return stopHost(host, 'it belongs to an earlier pod of the same name');
}

function withBoth(virtual: Pod, host: Pod): PodDecision {
  if (isDeleting(virtual)) return deletingVirtual(virtual, host);
  if (isDeleting(host)) {
    const grace = Math.max(host.metadata.deletionGracePeriodSeconds ?? 0, LEAST_GRACE_SECONDS);
    return deletion('deleteVirtual', virtual, grace, 'its host pod is being deleted');
  }
  const hostNode = host.spec.nodeName;
  const virtualNode = virtual.spec.nodeName;
  if (!hostNode) return { kind: 'sync', terminating: false };
  if (!virtualNode) return { kind: 'bind', node: hostNode };
  if (virtualNode === hostNode) return { kind: 'sync', terminating: false };
  return deletion('deleteVirtual', virtual, undefined, 'the host runs it on another node');
}

/** The tenant's deletion reaches the host with its grace, and again when the tenant shortens that. */
function deletingVirtual(virtual: Pod, host: Pod): PodDecision {
  const grace = virtual.metadata.deletionGracePeriodSeconds;
  const wanted = grace === undefined ? undefined : Math.max(grace, LEAST_GRACE_SECONDS);
  const granted = host.metadata.deletionGracePeriodSeconds ?? 0;
  if (!isDeleting(host)) return deletion('deleteHost', host, wanted, 'its virtual pod is being deleted');
  if (wanted !== undefined && wanted < granted) return deletion('deleteHost', host, wanted, 'its grace was shortened');
  return { kind: 'sync', terminating: true };
}

/**
 * Deletes a host pod that has no virtual one any more. On a lost node nobody will end it, and deletion by force is how
 * a tenant frees the name of such a pod, so that it is carried out by force here too.
 */
function stopHost(host: Pod, reason: string): PodDecision {
  if (!isDeleting(host)) return deletion('deleteHost', host, undefined, reason);
  if (lostItsNode(host) && host.metadata.deletionGracePeriodSeconds !== 0) {
    return deletion('deleteHost', host, 0, 'its node is lost');
  }
  return nothing('the host pod is being deleted');
}

/**
 * Lets the API server forget a virtual pod of which nothing is left to stop. It first writes down a grace of 0 and then
 * removes the pod: one that was killed in between leaves the pod so, until it is asked again, as a kubelet does.
 */
function endVirtual(virtual: Pod, reason: string): PodDecision {
  const { deletionGracePeriodSeconds, finalizers = [] } = virtual.metadata;
  if (isDeleting(virtual) && deletionGracePeriodSeconds === 0 && finalizers.length > 0) {
    return nothing('finalizers hold it');
  }
  return deletion('deleteVirtual', virtual, 0, reason);
}

function deletion(
  kind: PodDeletion['kind'],
  pod: Pod,
  gracePeriodSeconds: number | undefined,
  reason: string,
): PodDeletion {
  return { kind, uid: pod.metadata.uid ?? '', gracePeriodSeconds, reason };
}

function nothing(reason: string): PodDecision {
  return { kind: 'nothing', reason };
}

function isDeleting(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}
