import type { ObjectReference } from 'kubernetes-types/core/v1';
import { hostPlace } from '../engine/placement';
import type { ClusterContext } from '../engine/types';

/**
 * The pod behind an address, under its host name; references to other kinds stay behind. The UID is the virtual pod's
 * and would match nothing on the host.
 */
export function hostTargetRef(
  ref: ObjectReference | undefined,
  namespace: string,
  ctx: ClusterContext,
): ObjectReference | undefined {
  if (ref?.kind !== 'Pod' || ref.name === undefined) return undefined;
  const place = hostPlace(ref.name, ref.namespace ?? namespace, ctx);
  return { kind: 'Pod', name: place.name, namespace: place.namespace ?? ctx.hostNamespace };
}
