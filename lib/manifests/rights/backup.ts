import type { ResolvedSpec } from '../../spec';
import type { Rights } from './right';

/** What scheduled backups take: a failure is told by an event on the control plane. Secrets can be read in any case. */
export function backupRights({ sections: { backup } }: ResolvedSpec): Rights {
  if (backup.mode === 'off') return {};
  return { namespaced: [{ group: '', resource: 'events', verbs: ['create'] }] };
}
