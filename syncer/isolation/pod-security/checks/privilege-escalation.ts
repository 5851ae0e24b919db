import { inContainers, isWindows } from '../containers';
import type { Finder } from '../types';

/** Programs that run as their owner (setuid) gain nothing by it. */
export const privilegeEscalation: Finder = (pod) =>
  inContainers(pod, ({ securityContext }, path) =>
    securityContext?.allowPrivilegeEscalation === false
      ? []
      : [{ field: `${path}.securityContext.allowPrivilegeEscalation`, problem: 'must be false' }],
  );

/** Windows has no such programs, and its pods may not set the field. */
export const privilegeEscalationUnlessWindows: Finder = (pod) => (isWindows(pod) ? [] : privilegeEscalation(pod));
