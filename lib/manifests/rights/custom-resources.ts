import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to custom-resources. */
export function customResourcesRights(_spec: ResolvedSpec): Rights {
  return {};
}
