import type { Container, EphemeralContainer, SecurityContext } from 'kubernetes-types/core/v1';
import type { Finding, SecuredPod } from './types';

/** A container of any sort. An ephemeral one is looked at as the others are. */
export type AnyContainer = Container | EphemeralContainer;

/** What `find` sees in each container, in upstream's order: init, regular, ephemeral. `path` is the container's. */
export function inContainers<T>(
  { spec }: SecuredPod,
  find: (container: AnyContainer, path: string) => readonly T[],
): readonly T[] {
  const kinds: readonly (readonly [string, readonly AnyContainer[]])[] = [
    ['spec.initContainers', spec.initContainers ?? []],
    ['spec.containers', spec.containers ?? []],
    ['spec.ephemeralContainers', spec.ephemeralContainers ?? []],
  ];
  return kinds.flatMap(([path, containers]) =>
    containers.flatMap((container, index) => find(container, `${path}[${index}]`)),
  );
}

/** What `find` says of one field of the containers' security contexts, where it is set. `path` is the field's. */
export function inSecurityContexts<K extends keyof SecurityContext>(
  pod: SecuredPod,
  field: K,
  find: (value: NonNullable<SecurityContext[K]>, path: string) => readonly Finding[],
): readonly Finding[] {
  return inContainers(pod, ({ securityContext }, path) => {
    const value = securityContext?.[field];
    return isSet(value) ? find(value, `${path}.securityContext.${field}`) : [];
  });
}

/** The fields that a pod's security context shares with its containers'. */
type SharedField =
  | 'appArmorProfile'
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'seLinuxOptions'
  | 'seccompProfile'
  | 'windowsOptions';

/** As {@link inSecurityContexts}, with the pod's own security context before its containers'. */
export function inAllSecurityContexts<K extends SharedField>(
  pod: SecuredPod,
  field: K,
  find: (value: NonNullable<SecurityContext[K]>, path: string) => readonly Finding[],
): readonly Finding[] {
  const ofPod: SecurityContext[K] | null | undefined = pod.spec.securityContext?.[field];
  const own = isSet(ofPod) ? find(ofPod, `spec.securityContext.${field}`) : [];
  return [...own, ...inSecurityContexts(pod, field, find)];
}

/** Whether a field is there. An object that was read from a file may hold `null`, which the API takes for absent. */
export function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

/** Whether the pod says that it runs on Windows. */
export function isWindows({ spec }: SecuredPod): boolean {
  return spec.os?.name === 'windows';
}

/** Whether the pod has a user namespace of its own, in which root is nobody to the node. */
export function hasUserNamespace({ spec }: SecuredPod): boolean {
  return spec.hostUsers === false;
}
