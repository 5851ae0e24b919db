import { mergePatch } from '../../engine/diff';
import type { Change } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { STORAGE_ANNOTATIONS } from '../annotations';
import type { Companion } from '../companion';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';

/** The driver that a volume seems to be of: what it really is, and where, is the host's business. */
export const HIDDEN_DRIVER = 'hidden.sublet.dev';

/**
 * The volume that the virtual cluster shows for a bound claim, made of nothing but the host's claim: so it takes no
 * rights beyond the namespace, and nothing of the host's volume (paths, Secrets, machines) can show.
 * @param classOf the storage class of this name, as the virtual cluster has it
 */
export function volumeOfClaim(
  classOf: (name: string) => StorageClass | undefined,
): Companion<PersistentVolumeClaim, PersistentVolume> {
  return {
    resource: RESOURCES.persistentVolumes,
    boundTo: ({ spec, status }) => (status?.phase === 'Bound' ? spec.volumeName : undefined),
    show(name, host, virtual) {
      const className = virtual.spec.storageClassName ?? host.spec.storageClassName;
      const provisioner = host.metadata.annotations?.[STORAGE_ANNOTATIONS.storageProvisioner];
      return {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: {
          name,
          annotations: {
            [STORAGE_ANNOTATIONS.boundByController]: 'yes',
            ...(provisioner !== undefined && { [STORAGE_ANNOTATIONS.provisionedBy]: provisioner }),
          },
        },
        spec: {
          capacity: host.status?.capacity ?? {},
          accessModes: host.status?.accessModes ?? [],
          // Where the class is not known, as Kubernetes has it for classes that say nothing.
          persistentVolumeReclaimPolicy:
            (className === undefined ? undefined : classOf(className)?.reclaimPolicy) ?? 'Delete',
          ...(className !== undefined && { storageClassName: className }),
          volumeMode: host.spec.volumeMode ?? 'Filesystem',
          claimRef: claimReference(virtual),
          csi: { driver: HIDDEN_DRIVER, volumeHandle: name },
        },
        status: { phase: 'Bound' },
      };
    },
    claimOf: claimKeyOf,
    changes: shownVolumeChanges,
    release,
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
  const spec = mergePatch(desired, current, SHOWN);
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
