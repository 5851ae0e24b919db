import type { ResolvedSpec } from '../../spec';
import { type Right, type Rights, SYNC } from './right';

/** What the storage kinds that are switched on take. */
export function storageRights({ sections: { sync } }: ResolvedSpec): Rights {
  const { toHost } = sync;
  const when = (on: boolean, right: Right): readonly Right[] => (on ? [right] : []);
  return {
    namespaced: when(toHost.persistentVolumeClaims.enabled, {
      group: '',
      resource: 'persistentvolumeclaims',
      verbs: SYNC,
    }),
  };
}
