import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to services. */
export function servicesRights(_spec: ResolvedSpec): Rights {
  return {};
}
