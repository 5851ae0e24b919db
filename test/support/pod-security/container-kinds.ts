import type { SecuredPod } from '../../../syncer/isolation/pod-security';

/** A container that every version of every level lets pass. */
const HARMLESS = {
  name: 'harmless',
  image: 'registry.k8s.io/pause',
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

/** The same pod with all of its containers of one kind, for each of the three kinds. Each is a pod that may exist. */
export function ofEachContainerKind(pod: SecuredPod): readonly SecuredPod[] {
  const { initContainers = [], containers, ephemeralContainers = [], ...others } = pod.spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  return [
    { ...pod, spec: { ...others, containers: all } },
    { ...pod, spec: { ...others, containers: [HARMLESS], initContainers: all } },
    { ...pod, spec: { ...others, containers: [HARMLESS], ephemeralContainers: all } },
  ];
}
