import { hasUserNamespace, inSecurityContexts } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** /proc keeps the masks of the container runtime. */
export const procMount: Finder = (pod) =>
  inSecurityContexts(pod, 'procMount', (value, field) =>
    value === 'Default' ? [] : [{ field, problem: notAllowed(value, ['Default']) }],
  );

/** In a user namespace an unmasked /proc harms only its own pod. */
export const procMountUnlessUserNamespace: Finder = (pod) => (hasUserNamespace(pod) ? [] : procMount(pod));
