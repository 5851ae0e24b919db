/** `metadata` of an object, as far as the command reads it. */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** Any Kubernetes object. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadata;
}

/** A kind as its API path names it. */
export interface Resource {
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** API group of a resource, empty for the core group. */
export function groupOf(resource: Resource): string {
  return resource.apiVersion.includes('/') ? resource.apiVersion.slice(0, resource.apiVersion.indexOf('/')) : '';
}

/** `kind/name`, as messages name an object. */
export function describeObject(object: KubeObject): string {
  return `${object.kind ?? 'object'}/${object.metadata?.name ?? '?'}`;
}

const core = (plural: string, kind: string, namespaced = true): Resource => ({
  apiVersion: 'v1',
  plural,
  kind,
  namespaced,
});
const grouped = (apiVersion: string, plural: string, kind: string, namespaced = true): Resource => ({
  apiVersion,
  plural,
  kind,
  namespaced,
});

/** The kinds that the command reads or deletes by name. Others it finds by the server's discovery. */
export const RESOURCES = {
  namespaces: core('namespaces', 'Namespace', false),
  pods: core('pods', 'Pod'),
  services: core('services', 'Service'),
  endpoints: core('endpoints', 'Endpoints'),
  configMaps: core('configmaps', 'ConfigMap'),
  secrets: core('secrets', 'Secret'),
  serviceAccounts: core('serviceaccounts', 'ServiceAccount'),
  persistentVolumeClaims: core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  events: core('events', 'Event'),
  nodes: core('nodes', 'Node', false),
  resourceQuotas: core('resourcequotas', 'ResourceQuota'),
  limitRanges: core('limitranges', 'LimitRange'),
  statefulSets: grouped('apps/v1', 'statefulsets', 'StatefulSet'),
  deployments: grouped('apps/v1', 'deployments', 'Deployment'),
  daemonSets: grouped('apps/v1', 'daemonsets', 'DaemonSet'),
  jobs: grouped('batch/v1', 'jobs', 'Job'),
  endpointSlices: grouped('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  roles: grouped('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  roleBindings: grouped('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  clusterRoles: grouped('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', false),
  clusterRoleBindings: grouped('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', false),
  priorityClasses: grouped('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', false),
  persistentVolumes: core('persistentvolumes', 'PersistentVolume', false),
  volumeSnapshotContents: grouped(
    'snapshot.storage.k8s.io/v1',
    'volumesnapshotcontents',
    'VolumeSnapshotContent',
    false,
  ),
  leases: grouped('coordination.k8s.io/v1', 'leases', 'Lease'),
  ingresses: grouped('networking.k8s.io/v1', 'ingresses', 'Ingress'),
  networkPolicies: grouped('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy'),
  podDisruptionBudgets: grouped('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  storageClasses: grouped('storage.k8s.io/v1', 'storageclasses', 'StorageClass', false),
} as const satisfies Record<string, Resource>;
