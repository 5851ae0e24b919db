import { inSecurityContexts } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** A privileged container is root on its node. */
export const privileged: Finder = (pod) =>
  inSecurityContexts(pod, 'privileged', (value, field) => (value ? [{ field, problem: notAllowed(value) }] : []));
