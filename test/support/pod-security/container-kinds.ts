import type { SecuredPod } from '../../../syncer/isolation/pod-security';

const KINDS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** The same pod with all of its containers of one kind, for each of the three kinds. */
export function ofEachContainerKind(pod: SecuredPod): readonly SecuredPod[] {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])];
  return KINDS.map((kind) => ({
    ...pod,
    spec: { ...pod.spec, containers: [], initContainers: [], ephemeralContainers: [], [kind]: all },
  }));
}
