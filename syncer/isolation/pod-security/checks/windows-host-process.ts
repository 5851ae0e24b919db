import { inAllSecurityContexts } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** A host process is a privileged container of Windows. */
export const windowsHostProcess: Finder = (pod) =>
  inAllSecurityContexts(pod, 'windowsOptions', ({ hostProcess }, path) =>
    hostProcess === true ? [{ field: `${path}.hostProcess`, problem: notAllowed(hostProcess) }] : [],
  );
