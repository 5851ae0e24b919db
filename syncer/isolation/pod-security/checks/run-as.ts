import { hasUserNamespace, inAllSecurityContexts, inContainers, isSet } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** Every container says, itself or through its pod, that it does not run as root. */
export const runAsNonRoot: Finder = (pod) => {
  const wrong = inAllSecurityContexts(pod, 'runAsNonRoot', (value, field) =>
    value ? [] : [{ field, problem: notAllowed(value) }],
  );
  if (pod.spec.securityContext?.runAsNonRoot === true) return wrong;
  const missing = inContainers(pod, ({ securityContext }, path) =>
    isSet(securityContext?.runAsNonRoot)
      ? []
      : [
          {
            field: `${path}.securityContext.runAsNonRoot`,
            problem: 'must be true, here or in spec.securityContext',
          },
        ],
  );
  return [...wrong, ...missing];
};

/** Root of a user namespace is nobody to the node. */
export const runAsNonRootUnlessUserNamespace: Finder = (pod) => (hasUserNamespace(pod) ? [] : runAsNonRoot(pod));

/** Nobody asks for root by its number. */
export const runAsUser: Finder = (pod) =>
  inAllSecurityContexts(pod, 'runAsUser', (value, field) => (value === 0 ? [{ field, problem: notAllowed(0) }] : []));

/** Root of a user namespace is nobody to the node. */
export const runAsUserUnlessUserNamespace: Finder = (pod) => (hasUserNamespace(pod) ? [] : runAsUser(pod));
