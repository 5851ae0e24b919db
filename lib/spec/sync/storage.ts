import * as z from 'zod';
import { VOLUME_SOURCES, type VolumeSourceKind } from '../../contract';
import type { IssueParams } from '../fields';
import {
  type ImportedKind,
  importedKindSchema,
  resolveImportedKind,
  resolveSelector,
  resolveSwitchedKind,
  type SwitchedKind,
  switchedKindSchema,
} from './selector';

/** How volumes that a tenant declares are copied to the host. */
export interface PersistentVolumesToHost extends SwitchedKind {
  /**
   * Where they may lie. `hostPath` and `local` give tenants the files of the host's machines, past any pod security
   * level: such volumes are not looked at by it. They need a directory of `isolation.allow.hostPaths` that may be
   * written to, unless the level of `isolation` is `privileged` or `off`.
   * @default ['csi', 'nfs', 'iscsi', 'fc']
   */
  readonly sources?: readonly VolumeSourceKind[];
}

/** What `sync.toHost` says about storage. */
export interface StorageToHost {
  /** Claims of volumes. @default - on */
  readonly persistentVolumeClaims?: SwitchedKind;
  /** Volumes that a tenant declares. Without them only volumes that the host provisions are shown. @default - off */
  readonly persistentVolumes?: PersistentVolumesToHost;
  /** Storage classes that a tenant declares. @default - off */
  readonly storageClasses?: SwitchedKind;
  /** Snapshots of volumes, with their contents. @default - off */
  readonly volumeSnapshots?: SwitchedKind;
}

/** What `sync.fromHost` says about storage. */
export interface StorageFromHost<Text = string> {
  /**
   * Storage classes of the host. Once they are shown, claims can have none but those that are selected.
   * @default - on when the virtual cluster has its own scheduler, unless tenants' classes are copied to the host
   */
  readonly storageClasses?: ImportedKind<Text>;
  /** Storage drivers of the host. @default - on when the virtual cluster has its own scheduler */
  readonly csiDrivers?: ImportedKind<Text>;
  /** What the nodes offer to storage drivers. @default - on when the virtual cluster has its own scheduler */
  readonly csiNodes?: ImportedKind<Text>;
  /** How much room storage drivers have. @default - on when the virtual cluster has its own scheduler */
  readonly csiStorageCapacities?: ImportedKind<Text>;
  /** Classes of what volumes can do. Once they are shown, claims can name none but those selected. @default - off */
  readonly volumeAttributesClasses?: ImportedKind<Text>;
  /** Classes of snapshots. Once they are shown, snapshots can name none but those selected. @default - off */
  readonly volumeSnapshotClasses?: ImportedKind<Text>;
}

/** The schema of {@link StorageToHost}, field by field. */
export const storageToHostShape = {
  persistentVolumeClaims: switchedKindSchema.optional(),
  persistentVolumes: z
    .strictObject({
      enabled: z.boolean().optional(),
      sources: z.array(z.enum(VOLUME_SOURCES)).min(1, 'must name at least one source').readonly().optional(),
    })
    .readonly()
    .optional(),
  storageClasses: switchedKindSchema.optional(),
  volumeSnapshots: switchedKindSchema.optional(),
} as const;

/** The schema of {@link StorageFromHost}, field by field. */
export const storageFromHostShape = {
  storageClasses: importedKindSchema.optional(),
  csiDrivers: importedKindSchema.optional(),
  csiNodes: importedKindSchema.optional(),
  csiStorageCapacities: importedKindSchema.optional(),
  volumeAttributesClasses: importedKindSchema.optional(),
  volumeSnapshotClasses: importedKindSchema.optional(),
} as const;

/** Kinds that mean nothing on the host without the claims that they belong to. */
const NEED_CLAIMS = ['persistentVolumes', 'volumeSnapshots'] as const;

type Switches = {
  readonly [kind in 'persistentVolumeClaims' | (typeof NEED_CLAIMS)[number]]?:
    | { readonly enabled?: boolean | undefined }
    | undefined;
};

/** Refuses volumes and snapshots whose claims stay in the virtual cluster. */
export function withClaims(
  { toHost = {} }: { readonly toHost?: Switches | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (toHost.persistentVolumeClaims?.enabled ?? true) return;
  for (const kind of NEED_CLAIMS) {
    if (!toHost[kind]?.enabled) continue;
    const params: IssueParams = {
      allowed: `${kind} together with persistentVolumeClaims`,
      hint: 'leave persistentVolumeClaims on',
    };
    const message = 'is switched on without the claims';
    context.addIssue({ code: 'custom', path: ['toHost', kind], input: toHost[kind], message, params });
  }
}

/** Fills in the defaults. */
export function resolveStorageToHost(options: StorageToHost) {
  const { sources = ['csi', 'nfs', 'iscsi', 'fc'] } = options.persistentVolumes ?? {};
  return {
    persistentVolumeClaims: resolveSwitchedKind(options.persistentVolumeClaims, true),
    persistentVolumes: { ...resolveSwitchedKind(options.persistentVolumes, false), sources: [...sources] },
    storageClasses: resolveSwitchedKind(options.storageClasses, false),
    volumeSnapshots: resolveSwitchedKind(options.volumeSnapshots, false),
  };
}

/** Fills in the defaults. */
export function resolveStorageFromHost(options: StorageFromHost) {
  return {
    storageClasses: resolveNeeded(options.storageClasses),
    csiDrivers: resolveNeeded(options.csiDrivers),
    csiNodes: resolveNeeded(options.csiNodes),
    csiStorageCapacities: resolveNeeded(options.csiStorageCapacities),
    volumeAttributesClasses: resolveImportedKind(options.volumeAttributesClasses, false),
    volumeSnapshotClasses: resolveImportedKind(options.volumeSnapshotClasses, false),
  };
}

/** Whether the cluster has its own scheduler is said elsewhere, maybe by another stack: until then it stays open. */
function resolveNeeded(kind: ImportedKind | undefined) {
  const enabled = kind?.enabled ?? (kind?.selector === undefined ? ('auto' as const) : true);
  return { enabled, selector: resolveSelector(kind?.selector) };
}
