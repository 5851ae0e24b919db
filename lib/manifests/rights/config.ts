import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to config. */
export function configRights(_spec: ResolvedSpec): Rights {
  return {};
}
