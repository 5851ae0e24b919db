import type { ClaimSurroundings } from '../../../syncer/storage/claims/to-host';
import { toHostClaim } from '../../../syncer/storage/claims/to-host';
import type {
  ClaimSpec,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeSpec,
} from '../../../syncer/storage/types';
import { ARTICLE } from '../engine/context';

/** What a test may say of a claim. */
export interface ClaimWishes {
  readonly metadata?: PersistentVolumeClaim['metadata'];
  readonly spec?: ClaimSpec;
  readonly status?: PersistentVolumeClaim['status'];
}

/** The claim `default/data` of 1Gi. */
export const virtualClaim = ({ metadata, spec, status }: ClaimWishes = {}): PersistentVolumeClaim => ({
  metadata: { name: 'data', namespace: 'default', uid: 'claim-uid', ...metadata },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  ...(status && { status }),
});

/** Surroundings in which nothing is shown, copied or scheduled by the tenant. */
export const surroundings = (wishes: Partial<ClaimSurroundings> = {}): ClaimSurroundings => ({
  classes: { kind: 'of-the-host' },
  isAttributesClass: () => true,
  isSynced: (group, kind) => group === '' && kind === 'PersistentVolumeClaim',
  hostCopy: () => undefined,
  volumeFor: () => ({ kind: 'none' }),
  schedulesItself: false,
  ...wishes,
});

/** The host's claim of {@link virtualClaim} as it is after its creation. */
export function hostClaim(wishes: ClaimWishes = {}, virtual = virtualClaim()): PersistentVolumeClaim {
  const translation = toHostClaim(virtual, ARTICLE, surroundings());
  if (translation.kind !== 'object') throw new Error(translation.reason);
  const { metadata, spec } = translation.object;
  return {
    metadata: {
      ...metadata,
      uid: 'host-claim-uid',
      ...wishes.metadata,
      annotations: { ...metadata.annotations, ...wishes.metadata?.annotations },
    },
    spec: { ...spec, ...wishes.spec },
    ...(wishes.status && { status: wishes.status }),
  };
}

/** A volume of the tenant's own. */
export const volume = (
  name: string,
  spec: VolumeSpec = {},
  metadata: PersistentVolume['metadata'] = {},
): PersistentVolume => ({
  metadata: { name, uid: `${name}-uid`, ...metadata },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    nfs: { server: 'files', path: `/${name}` },
    ...spec,
  },
});

/** A storage class; `isDefault` marks the default. */
export const storageClass = (name: string, isDefault = false, wishes: Partial<StorageClass> = {}): StorageClass => ({
  provisioner: 'example.com/disk',
  ...wishes,
  metadata: {
    name,
    annotations: isDefault ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {},
    ...wishes.metadata,
  },
});
