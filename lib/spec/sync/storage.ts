import {
  type ImportedKind,
  importedKindSchema,
  resolveImportedKind,
  resolveSwitchedKind,
  type SwitchedKind,
  switchedKindSchema,
} from './selector';

/** What `sync.toHost` says about storage. */
export interface StorageToHost {
  /** Claims of volumes. @default - on */
  readonly persistentVolumeClaims?: SwitchedKind;
  /** Volumes that a tenant declares. Without them only volumes that the host provisions are shown. @default - off */
  readonly persistentVolumes?: SwitchedKind;
  /** Storage classes that a tenant declares. @default - off */
  readonly storageClasses?: SwitchedKind;
  /** Snapshots of volumes, with their contents. @default - off */
  readonly volumeSnapshots?: SwitchedKind;
}

/** What `sync.fromHost` says about storage. */
export interface StorageFromHost {
  /** Storage classes of the host. @default - off */
  readonly storageClasses?: ImportedKind;
  /** Storage drivers of the host. @default - off */
  readonly csiDrivers?: ImportedKind;
  /** What the nodes offer to storage drivers. @default - off */
  readonly csiNodes?: ImportedKind;
  /** How much room storage drivers have. @default - off */
  readonly csiStorageCapacities?: ImportedKind;
  /** Classes of snapshots. @default - off */
  readonly volumeSnapshotClasses?: ImportedKind;
}

/** The schema of {@link StorageToHost}, field by field. */
export const storageToHostShape = {
  persistentVolumeClaims: switchedKindSchema.optional(),
  persistentVolumes: switchedKindSchema.optional(),
  storageClasses: switchedKindSchema.optional(),
  volumeSnapshots: switchedKindSchema.optional(),
} as const;

/** The schema of {@link StorageFromHost}, field by field. */
export const storageFromHostShape = {
  storageClasses: importedKindSchema.optional(),
  csiDrivers: importedKindSchema.optional(),
  csiNodes: importedKindSchema.optional(),
  csiStorageCapacities: importedKindSchema.optional(),
  volumeSnapshotClasses: importedKindSchema.optional(),
} as const;

/** Fills in the defaults. */
export function resolveStorageToHost(options: StorageToHost) {
  return {
    persistentVolumeClaims: resolveSwitchedKind(options.persistentVolumeClaims, true),
    persistentVolumes: resolveSwitchedKind(options.persistentVolumes, false),
    storageClasses: resolveSwitchedKind(options.storageClasses, false),
    volumeSnapshots: resolveSwitchedKind(options.volumeSnapshots, false),
  };
}

/** Fills in the defaults. */
export function resolveStorageFromHost(options: StorageFromHost) {
  return {
    storageClasses: resolveImportedKind(options.storageClasses, false),
    csiDrivers: resolveImportedKind(options.csiDrivers, false),
    csiNodes: resolveImportedKind(options.csiNodes, false),
    csiStorageCapacities: resolveImportedKind(options.csiStorageCapacities, false),
    volumeSnapshotClasses: resolveImportedKind(options.volumeSnapshotClasses, false),
  };
}
