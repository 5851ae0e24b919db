import { inAllSecurityContexts, inContainers, isSet, isWindows } from '../containers';
import type { Finder, Finding, SecuredPod } from '../types';
import { notAllowed } from '../wording';

/** How pods chose a profile before they had a field for it. */
const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
const ANNOTATION_VALUES: readonly string[] = ['runtime/default', 'docker/default'];
const TYPES: readonly string[] = ['RuntimeDefault', 'Localhost'];
const REQUIRED = `must be ${TYPES.join(' or ')}, here or in spec.securityContext`;

/** The annotations of the pod and of each of its containers may not switch seccomp off. */
export const seccompAnnotations: Finder = (pod) => [
  ...forbiddenAnnotation(pod, POD_ANNOTATION),
  ...inContainers(pod, ({ name }) => forbiddenAnnotation(pod, `${CONTAINER_ANNOTATION_PREFIX}${name}`)),
];

/** A profile that is set must be one of the node's. */
export const seccompProfiles: Finder = (pod) =>
  inAllSecurityContexts(pod, 'seccompProfile', ({ type = '' }, path) =>
    TYPES.includes(type) ? [] : [{ field: `${path}.type`, problem: notAllowed(type, TYPES) }],
  );

/** Every container must have a profile, of its own or of its pod. */
export const seccompRequired: Finder = (pod) => {
  const wrong = seccompProfiles(pod);
  const { seccompProfile } = pod.spec.securityContext ?? {};
  if (isSet(seccompProfile) && TYPES.includes(seccompProfile.type)) return wrong;
  const missing = inContainers(pod, ({ securityContext }, path) =>
    isSet(securityContext?.seccompProfile)
      ? []
      : [{ field: `${path}.securityContext.seccompProfile.type`, problem: REQUIRED }],
  );
  return [...wrong, ...missing];
};

/** Windows has no seccomp, and its pods may not name a profile. */
export const seccompRequiredUnlessWindows: Finder = (pod) => (isWindows(pod) ? [] : seccompRequired(pod));

function forbiddenAnnotation({ metadata }: SecuredPod, key: string): readonly Finding[] {
  const value = metadata.annotations?.[key];
  if (!isSet(value) || ANNOTATION_VALUES.includes(value) || value.startsWith('localhost/')) return [];
  return [
    { field: `metadata.annotations['${key}']`, problem: notAllowed(value, [...ANNOTATION_VALUES, 'localhost/…']) },
  ];
}
