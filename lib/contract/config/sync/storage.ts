import { importedKind, switchedKind } from '../selector';

/** What the section `sync` says under `toHost` about storage. */
export const storageToHost = {
  persistentVolumeClaims: switchedKind,
  persistentVolumes: switchedKind,
  storageClasses: switchedKind,
  volumeSnapshots: switchedKind,
} as const;

/** What the section `sync` says under `fromHost` about storage. */
export const storageFromHost = {
  storageClasses: importedKind,
  csiDrivers: importedKind,
  csiNodes: importedKind,
  csiStorageCapacities: importedKind,
  volumeSnapshotClasses: importedKind,
} as const;
