import type { KubeObject } from '../../kube/types';

/** A VolumeSnapshot (`snapshot.storage.k8s.io/v1`). */
export interface VolumeSnapshot extends KubeObject {
  readonly spec: {
    readonly source: { readonly persistentVolumeClaimName?: string; readonly volumeSnapshotContentName?: string };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: {
    readonly boundVolumeSnapshotContentName?: string;
    /** RFC 3339. */
    readonly creationTime?: string;
    readonly readyToUse?: boolean;
    /** A quantity. */
    readonly restoreSize?: string;
    readonly error?: { readonly time?: string; readonly message?: string };
  };
}

/** A VolumeSnapshotContent (`snapshot.storage.k8s.io/v1`). */
export interface VolumeSnapshotContent extends KubeObject {
  readonly spec: {
    readonly deletionPolicy: string;
    readonly driver: string;
    readonly source: { readonly snapshotHandle?: string; readonly volumeHandle?: string };
    readonly volumeSnapshotRef: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
      readonly uid?: string;
    };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: {
    readonly snapshotHandle?: string;
    /** Nanoseconds since 1970. */
    readonly creationTime?: number;
    readonly readyToUse?: boolean;
    /** Bytes. */
    readonly restoreSize?: number;
  };
}

/** A VolumeSnapshotClass (`snapshot.storage.k8s.io/v1`). */
export interface VolumeSnapshotClass extends KubeObject {
  readonly driver: string;
  readonly deletionPolicy: string;
}

/** On snapshot classes: snapshots that name no class get this one. */
export const DEFAULT_SNAPSHOT_CLASS = 'snapshot.storage.kubernetes.io/is-default-class';
