import { isStorageShown, readsHostVolumes } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { definitionRights } from './custom-resources';
import { READ, type Right, type Rights, SYNC } from './right';

const STORAGE = 'storage.k8s.io';
const SNAPSHOT = 'snapshot.storage.k8s.io';

/** What the storage kinds that are switched on take. Claims alone take nothing beyond the namespace. */
export function storageRights({ sections }: ResolvedSpec): Rights {
  const { toHost, fromHost } = sections.sync;
  const { persistentVolumeClaims: claims, volumeSnapshots: snapshots } = toHost;
  return {
    namespaced: [
      ...when(claims.enabled, { group: '', resource: 'persistentvolumeclaims', verbs: SYNC }),
      ...when(snapshots.enabled, { group: SNAPSHOT, resource: 'volumesnapshots', verbs: SYNC }),
    ],
    clusterWide: [
      // On which nodes a volume works, and what became of it.
      ...when(readsHostVolumes(sections), { group: '', resource: 'persistentvolumes', verbs: READ }),
      ...when(toHost.persistentVolumes.enabled, { group: '', resource: 'persistentvolumes', verbs: SYNC }),
      ...when(isStorageShown('storageClasses', sections), { group: STORAGE, resource: 'storageclasses', verbs: READ }),
      ...when(toHost.storageClasses.enabled, { group: STORAGE, resource: 'storageclasses', verbs: SYNC }),
      ...when(isStorageShown('csiDrivers', sections), { group: STORAGE, resource: 'csidrivers', verbs: READ }),
      ...when(isStorageShown('csiNodes', sections), { group: STORAGE, resource: 'csinodes', verbs: READ }),
      ...when(isStorageShown('csiStorageCapacities', sections), {
        group: STORAGE,
        resource: 'csistoragecapacities',
        verbs: READ,
      }),
      ...when(fromHost.volumeAttributesClasses.enabled, {
        group: STORAGE,
        resource: 'volumeattributesclasses',
        verbs: READ,
      }),
      ...when(fromHost.volumeSnapshotClasses.enabled, {
        group: SNAPSHOT,
        resource: 'volumesnapshotclasses',
        verbs: READ,
      }),
      // The virtual cluster gets the same definitions of the snapshot kinds.
      ...definitionRights([
        ...(snapshots.enabled ? [`volumesnapshots.${SNAPSHOT}`, `volumesnapshotcontents.${SNAPSHOT}`] : []),
        ...(fromHost.volumeSnapshotClasses.enabled ? [`volumesnapshotclasses.${SNAPSHOT}`] : []),
      ]),
    ],
  };
}

function when(on: boolean, right: Right): readonly Right[] {
  return on ? [right] : [];
}
