import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { StringMap } from '../engine/metadata';
import type { Json, KubeObject } from '../kube/types';

/** The name of another object, with its group; of another namespace where the API allows that. */
export interface TypedReference {
  /** Absent or empty for the core group. */
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** One condition of a claim. */
export interface ClaimCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastProbeTime?: string;
  readonly lastTransitionTime?: string;
}

/** What a claim asks for. */
export interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly selector?: LabelSelector;
  readonly resources?: { readonly requests?: StringMap; readonly limits?: StringMap };
  readonly volumeName?: string;
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly dataSource?: TypedReference;
  readonly dataSourceRef?: TypedReference;
  readonly volumeAttributesClassName?: string;
}

/** What became of a claim. */
export interface ClaimStatus {
  readonly phase?: string;
  readonly accessModes?: readonly string[];
  readonly capacity?: StringMap;
  readonly conditions?: readonly ClaimCondition[];
  readonly allocatedResources?: StringMap;
  readonly allocatedResourceStatuses?: StringMap;
  readonly currentVolumeAttributesClassName?: string;
  readonly modifyVolumeStatus?: { readonly status: string; readonly targetVolumeAttributesClassName?: string };
}

/** A PersistentVolumeClaim. */
export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: ClaimSpec;
  readonly status?: ClaimStatus;
}

/** Which claim has a volume. */
export interface ClaimReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What a volume is. Its source is one further member, named for its kind. */
export interface VolumeSpec {
  readonly capacity?: StringMap;
  readonly accessModes?: readonly string[];
  readonly persistentVolumeReclaimPolicy?: string;
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly mountOptions?: readonly string[];
  readonly claimRef?: ClaimReference;
  readonly nodeAffinity?: Json;
  readonly volumeAttributesClassName?: string;
  readonly csi?: CsiVolumeSource;
  readonly [source: string]: unknown;
}

/** A volume of a storage driver. */
export interface CsiVolumeSource {
  readonly driver: string;
  readonly volumeHandle: string;
  readonly [field: string]: unknown;
}

/** A PersistentVolume. */
export interface PersistentVolume extends KubeObject {
  readonly spec: VolumeSpec;
  readonly status?: { readonly phase?: string; readonly reason?: string; readonly message?: string };
}

/** A StorageClass. */
export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: StringMap;
  readonly reclaimPolicy?: string;
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly Json[];
}
