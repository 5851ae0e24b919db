import type {
  ConfigMap,
  Endpoints,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { Ingress, IngressClass, NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { RuntimeClass } from 'kubernetes-types/node/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { CSIDriver, CSINode, CSIStorageCapacity, StorageClass } from 'kubernetes-types/storage/v1';

/** Kinds whose objects have a type here, by the name that a declaration uses. */
export interface PatchableTypes {
  /** Pods. */
  pods: Pod;
  /** Services. */
  services: Service;
  /** Endpoints. */
  endpoints: Endpoints;
  /** EndpointSlices. */
  endpointSlices: EndpointSlice;
  /** ConfigMaps. */
  configMaps: ConfigMap;
  /** Secrets. */
  secrets: Secret;
  /** Claims of volumes. */
  persistentVolumeClaims: PersistentVolumeClaim;
  /** Volumes. */
  persistentVolumes: PersistentVolume;
  /** Storage classes. */
  storageClasses: StorageClass;
  /** Ingresses. */
  ingresses: Ingress;
  /** Network policies. */
  networkPolicies: NetworkPolicy;
  /** Disruption budgets. */
  podDisruptionBudgets: PodDisruptionBudget;
  /** Priority classes. */
  priorityClasses: PriorityClass;
  /** Service accounts. */
  serviceAccounts: ServiceAccount;
  /** Ingress classes. */
  ingressClasses: IngressClass;
  /** Runtime classes. */
  runtimeClasses: RuntimeClass;
  /** Storage drivers. */
  csiDrivers: CSIDriver;
  /** What nodes offer to storage drivers. */
  csiNodes: CSINode;
  /** The room of storage drivers. */
  csiStorageCapacities: CSIStorageCapacity;
}

/** What is known of an object of any kind. State the type of a custom kind by `patch<Certificate>(…)`. */
export interface AnyObject {
  /** Group and version of the kind. */
  readonly apiVersion?: string;
  /** The kind. */
  readonly kind?: string;
  /** Name, labels, annotations and the like. */
  readonly metadata?: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A value that nothing may change: functions of patches make new ones instead. */
export type Frozen<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** What the function of a patch is told besides the object. */
export interface PatchContext {
  /** The virtual cluster's name. */
  readonly cluster: string;
  /** The host namespace that holds it. */
  readonly hostNamespace: string;
  /** The object's namespace in the virtual cluster; absent for cluster-scoped kinds. */
  readonly namespace?: string;
  /** The object's name in the virtual cluster. */
  readonly name: string;
}
