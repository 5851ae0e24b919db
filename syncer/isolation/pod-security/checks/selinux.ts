import { inAllSecurityContexts } from '../containers';
import type { Finder, Finding, SecuredPod } from '../types';
import { notAllowed } from '../wording';

const TYPES: readonly string[] = ['container_t', 'container_init_t', 'container_kvm_t'];

/** The types of containers are free to choose; user and role are not. */
export const seLinuxOptions: Finder = (pod) => outside(pod, TYPES);

/** With the type of containers that run containers. */
export const seLinuxOptionsWithEngine: Finder = (pod) => outside(pod, [...TYPES, 'container_engine_t']);

function outside(pod: SecuredPod, types: readonly string[]): readonly Finding[] {
  return inAllSecurityContexts(pod, 'seLinuxOptions', ({ type, user, role }, path) => [
    ...(!type || types.includes(type) ? [] : [{ field: `${path}.type`, problem: notAllowed(type, types) }]),
    ...(user ? [{ field: `${path}.user`, problem: notAllowed(user) }] : []),
    ...(role ? [{ field: `${path}.role`, problem: notAllowed(role) }] : []),
  ]);
}
