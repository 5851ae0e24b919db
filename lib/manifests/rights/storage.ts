import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the storage kinds that are switched on take. */
export function storageRights(_spec: ResolvedSpec): Rights {
  return {};
}
