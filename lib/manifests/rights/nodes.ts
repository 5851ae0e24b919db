import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to nodes. */
export function nodesRights(_spec: ResolvedSpec): Rights {
  return {};
}
