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
  pods: Pod;
  services: Service;
  endpoints: Endpoints;
  endpointSlices: EndpointSlice;
  configMaps: ConfigMap;
  secrets: Secret;
  persistentVolumeClaims: PersistentVolumeClaim;
  persistentVolumes: PersistentVolume;
  storageClasses: StorageClass;
  ingresses: Ingress;
  networkPolicies: NetworkPolicy;
  podDisruptionBudgets: PodDisruptionBudget;
  priorityClasses: PriorityClass;
  serviceAccounts: ServiceAccount;
  ingressClasses: IngressClass;
  runtimeClasses: RuntimeClass;
  csiDrivers: CSIDriver;
  csiNodes: CSINode;
  csiStorageCapacities: CSIStorageCapacity;
}

/** What is known of an object of any kind. State the type of a custom kind by `patch<Certificate>(…)`. */
export interface AnyObject {
  readonly apiVersion?: string;
  readonly kind?: string;
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
