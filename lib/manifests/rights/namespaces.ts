import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to namespaces. */
export function namespacesRights(_spec: ResolvedSpec): Rights {
  return {};
}
