import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What the declaration takes as to workloads. */
export function workloadsRights(_spec: ResolvedSpec): Rights {
  return {};
}
