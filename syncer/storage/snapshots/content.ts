import { mergePatch } from '../../engine/diff';
import type { Change } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { Companion } from '../companion';
import { amountOf } from '../quantity';
import { HIDDEN_DRIVER } from '../volumes/of-claim';
import type { VolumeSnapshot, VolumeSnapshotClass, VolumeSnapshotContent } from './types';

/**
 * The content that the virtual cluster shows for a snapshot, made of nothing but the host's snapshot: it takes no rights
 * beyond the namespace, and the handle by which a driver knows the snapshot stays hidden.
 * @param classOf the snapshot class of this name, as the virtual cluster has it
 */
export function contentOfSnapshot(
  classOf: (name: string) => VolumeSnapshotClass | undefined,
): Companion<VolumeSnapshot, VolumeSnapshotContent> {
  return {
    resource: RESOURCES.volumeSnapshotContents,
    boundTo: ({ status }) => status?.boundVolumeSnapshotContentName,
    show(name, host, virtual) {
      const className = virtual.spec.volumeSnapshotClassName ?? host.spec.volumeSnapshotClassName;
      const known = className === undefined ? undefined : classOf(className);
      const { namespace = '', name: snapshot = '', uid = '' } = virtual.metadata;
      return {
        apiVersion: 'snapshot.storage.k8s.io/v1',
        kind: 'VolumeSnapshotContent',
        metadata: { name },
        spec: {
          deletionPolicy: known?.deletionPolicy ?? 'Delete',
          driver: known?.driver ?? HIDDEN_DRIVER,
          source: { snapshotHandle: name },
          volumeSnapshotRef: {
            apiVersion: 'snapshot.storage.k8s.io/v1',
            kind: 'VolumeSnapshot',
            namespace,
            name: snapshot,
            uid,
          },
          ...(className !== undefined && { volumeSnapshotClassName: className }),
        },
        status: { snapshotHandle: name, ...contentStatus(host) },
      };
    },
    claimOf({ spec: { volumeSnapshotRef } }) {
      const { namespace, name } = volumeSnapshotRef;
      return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
    },
    changes: contentChanges,
  };
}

/** The status of a snapshot in the units of contents. */
function contentStatus({ status = {} }: VolumeSnapshot): NonNullable<VolumeSnapshotContent['status']> {
  const since = Date.parse(status.creationTime ?? '');
  const size = amountOf(status.restoreSize);
  return {
    ...(status.readyToUse !== undefined && { readyToUse: status.readyToUse }),
    ...(Number.isNaN(since) ? {} : { creationTime: since * 1_000_000 }),
    ...(size !== undefined && { restoreSize: Number(size / 1000n) }),
  };
}

const STATUS = ['status.snapshotHandle', 'status.readyToUse', 'status.creationTime', 'status.restoreSize'];

function contentChanges(desired: VolumeSnapshotContent, current: VolumeSnapshotContent): readonly Change[] {
  const spec = mergePatch(desired, current, ['spec.deletionPolicy', 'spec.volumeSnapshotRef']);
  const status = mergePatch({ ...desired, metadata: current.metadata }, current, STATUS);
  return [
    ...(spec === undefined ? [] : [{ kind: 'patch', patch: spec } as const]),
    ...(status === undefined ? [] : [{ kind: 'patch', patch: status, subresource: 'status' } as const]),
  ];
}
