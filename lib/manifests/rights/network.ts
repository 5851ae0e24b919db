import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to network. */
export function networkRights(_spec: ResolvedSpec): Rights {
  return {};
}
