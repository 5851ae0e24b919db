import * as z from 'zod';
import { importedKind, importSelector, switchedKind } from '../selector';

/** Where a volume that a tenant declares may lie, named as in its `spec`. */
export const VOLUME_SOURCES = ['csi', 'nfs', 'iscsi', 'fc', 'hostPath', 'local'] as const;

/** Where a volume that a tenant declares may lie. */
export type VolumeSourceKind = (typeof VOLUME_SOURCES)[number];

/** What the section `sync` says under `toHost` about storage. */
export const storageToHost = {
  persistentVolumeClaims: switchedKind,
  persistentVolumes: z.strictObject({
    enabled: z.boolean(),
    /** Sources that volumes of the tenant may have; others never reach the host. */
    sources: z.array(z.enum(VOLUME_SOURCES)),
  }),
  storageClasses: switchedKind,
  volumeSnapshots: switchedKind,
} as const;

/** A kind that is shown, not shown, or shown as soon as the tenant's own scheduler needs it. */
const neededByScheduler = z.strictObject({
  enabled: z.union([z.boolean(), z.literal('auto')]),
  selector: importSelector,
});

/** What the section `sync` says under `fromHost` about storage. */
export const storageFromHost = {
  storageClasses: neededByScheduler,
  csiDrivers: neededByScheduler,
  csiNodes: neededByScheduler,
  csiStorageCapacities: neededByScheduler,
  volumeAttributesClasses: importedKind,
  volumeSnapshotClasses: importedKind,
} as const;
