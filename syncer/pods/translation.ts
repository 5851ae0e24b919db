import { patchedTranslation } from '../engine/patching';
import type { Translation } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import { securedTranslation } from './security';
import { toHostPod } from './to-host-pod';
import type { Pod, PodContext } from './types';

/**
 * What the host shall have of a virtual pod: translated, as the platform's patch leaves it, and refused if that does not
 * meet the Pod Security Standard.
 */
export function podTranslation(v: Pod, ctx: PodContext): Translation<Pod> {
  const patched = patchedTranslation(toHostPod(v, ctx), RESOURCES.pods, v, ctx.patches);
  return securedTranslation(v, patched, ctx);
}
