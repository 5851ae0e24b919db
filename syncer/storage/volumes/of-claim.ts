import { mergePatch } from '../../engine/diff';
import { pick } from '../../engine/pick';
import type { Change } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { ObjectKey } from '../../kube/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import type { Companion } from '../companion';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';

/** The driver that a volume seems to be of: what it really is, and where, is the host's business. */
export const HIDDEN_DRIVER = 'hidden.sublet.dev';

/** What the volumes of claims must know besides the claims. */
export interface VolumeOfClaimSurroundings {
  /** The storage class of this name, as the virtual cluster has it. */
  classOf(name: string): StorageClass | undefined;
  /** Whether the host's volume of this name is a copy of one that the tenant made. */
  isTenants(name: string): boolean;
  /** The host's volume of this name, where the host's volumes are read. */
  hostVolume(name: string): PersistentVolume | undefined;
  /** Whether the tenant is just giving a volume shown to another claim. */
  isHandedOver(shown: PersistentVolume): boolean;
  /** The key on the host of the claim of this virtual key. */
  hostClaim(key: ObjectKey): ObjectKey;
}

/**
 * The volume that the virtual cluster shows for a bound claim. By default it is made of nothing but the host's claim: so
 * it takes no rights beyond the namespace. Nothing of the host's volume (paths, Secrets, machines) ever shows.
 */
export function volumeOfClaim(known: VolumeOfClaimSurroundings): Companion<PersistentVolumeClaim, PersistentVolume> {
  return {
    resource: RESOURCES.persistentVolumes,
    boundTo({ spec: { volumeName }, status }) {
      return status?.phase !== 'Bound' || volumeName === undefined || known.isTenants(volumeName)
        ? undefined
        : volumeName;
    },
    show(name, host, virtual) {
      const volume = known.hostVolume(name);
      const className = virtual.spec.storageClassName ?? host.spec.storageClassName;
      return {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name, annotations: provenance(host) },
        spec: {
          capacity: volume?.spec.capacity ?? host.status?.capacity ?? {},
          accessModes: volume?.spec.accessModes ?? host.status?.accessModes ?? [],
          persistentVolumeReclaimPolicy: volume?.spec.persistentVolumeReclaimPolicy ?? policyOf(className, known),
          ...(className !== undefined && { storageClassName: className }),
          volumeMode: host.spec.volumeMode ?? 'Filesystem',
          claimRef: claimReference(virtual),
          ...pick(volume?.spec, ['nodeAffinity']),
          // A scheduler counts the volumes of each driver on a node.
          csi: { driver: volume?.spec.csi?.driver ?? HIDDEN_DRIVER, volumeHandle: name },
        },
        status: { phase: 'Bound' },
      };
    },
    isHandedOver: (shown) => known.isHandedOver(shown),
    lingering(name, shown) {
      const volume = known.hostVolume(name);
      const claim = claimKeyOf(shown);
      if (volume === undefined || claim === undefined || claimKeyOf(volume) !== known.hostClaim(claim))
        return undefined;
      return { ...shown, status: { phase: volume.status?.phase ?? 'Released' } };
    },
    claimOf: claimKeyOf,
    changes: shownVolumeChanges,
    release,
  };
}

/** Where the class is not known, as Kubernetes has it for classes that say nothing. */
function policyOf(className: string | undefined, { classOf }: VolumeOfClaimSurroundings): string {
  return (className === undefined ? undefined : classOf(className)?.reclaimPolicy) ?? 'Delete';
}

function provenance({ metadata }: PersistentVolumeClaim) {
  const provisioner = metadata.annotations?.[STORAGE_ANNOTATIONS.storageProvisioner];
  return {
    [STORAGE_ANNOTATIONS.boundByController]: 'yes',
    ...(provisioner !== undefined && { [STORAGE_ANNOTATIONS.provisionedBy]: provisioner }),
  };
}

/** The reference by which a volume names its claim. */
export function claimReference({ metadata: { namespace = '', name = '', uid = '' } }: PersistentVolumeClaim) {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
}

/** The key of the claim that a volume names. */
export function claimKeyOf({ spec: { claimRef } }: PersistentVolume): string | undefined {
  const { namespace, name } = claimRef ?? {};
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
}

const SHOWN = [
  'spec.capacity',
  'spec.accessModes',
  'spec.persistentVolumeReclaimPolicy',
  'spec.storageClassName',
  'spec.claimRef',
];

/** The writes that bring a volume shown to what it must be; what Kubernetes never lets change is left out. */
export function shownVolumeChanges(desired: PersistentVolume, current: PersistentVolume): readonly Change[] {
  const affinity = desired.spec.nodeAffinity === undefined ? [] : ['spec.nodeAffinity'];
  const spec = mergePatch(desired, current, [...SHOWN, ...affinity]);
  const status = mergePatch({ ...desired, metadata: current.metadata }, current, ['status.phase']);
  return [
    ...(spec === undefined ? [] : [{ kind: 'patch', patch: spec } as const]),
    ...(status === undefined ? [] : [{ kind: 'patch', patch: status, subresource: 'status' } as const]),
  ];
}

/** Kubernetes holds a volume by a finalizer as long as it is bound, and nobody but us says here that it no longer is. */
function release({ status }: PersistentVolume): readonly Change[] {
  if (status?.phase !== 'Bound') return [];
  return [{ kind: 'patch', patch: { status: { phase: 'Released' } }, subresource: 'status' }];
}
