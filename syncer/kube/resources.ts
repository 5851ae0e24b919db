import type { Resource } from './types';

const core = (plural: string, kind: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});
const inGroup = (group: string, version: string, plural: string, kind: string, namespaced = true): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced,
});

const STORAGE = 'storage.k8s.io';
const SNAPSHOT = 'snapshot.storage.k8s.io';

const GATEWAY = 'gateway.networking.k8s.io';

/** The kinds that the syncer reads or writes. */
export const RESOURCES = {
  pods: core('pods', 'Pod'),
  services: core('services', 'Service'),
  endpoints: core('endpoints', 'Endpoints'),
  endpointSlices: inGroup('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  configMaps: core('configmaps', 'ConfigMap'),
  secrets: core('secrets', 'Secret'),
  events: core('events', 'Event'),
  serviceAccounts: core('serviceaccounts', 'ServiceAccount'),
  namespaces: core('namespaces', 'Namespace', false),
  nodes: core('nodes', 'Node', false),
  persistentVolumeClaims: core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  persistentVolumes: core('persistentvolumes', 'PersistentVolume', false),
  storageClasses: inGroup(STORAGE, 'v1', 'storageclasses', 'StorageClass', false),
  csiDrivers: inGroup(STORAGE, 'v1', 'csidrivers', 'CSIDriver', false),
  csiNodes: inGroup(STORAGE, 'v1', 'csinodes', 'CSINode', false),
  csiStorageCapacities: inGroup(STORAGE, 'v1', 'csistoragecapacities', 'CSIStorageCapacity'),
  volumeAttributesClasses: inGroup(STORAGE, 'v1', 'volumeattributesclasses', 'VolumeAttributesClass', false),
  volumeSnapshots: inGroup(SNAPSHOT, 'v1', 'volumesnapshots', 'VolumeSnapshot'),
  volumeSnapshotContents: inGroup(SNAPSHOT, 'v1', 'volumesnapshotcontents', 'VolumeSnapshotContent', false),
  volumeSnapshotClasses: inGroup(SNAPSHOT, 'v1', 'volumesnapshotclasses', 'VolumeSnapshotClass', false),
  ingresses: inGroup('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  ingressClasses: inGroup('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass', false),
  networkPolicies: inGroup('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  gatewayClasses: inGroup(GATEWAY, 'v1', 'gatewayclasses', 'GatewayClass', false),
  gateways: inGroup(GATEWAY, 'v1', 'gateways', 'Gateway'),
  httpRoutes: inGroup(GATEWAY, 'v1', 'httproutes', 'HTTPRoute'),
  grpcRoutes: inGroup(GATEWAY, 'v1', 'grpcroutes', 'GRPCRoute'),
  tlsRoutes: inGroup(GATEWAY, 'v1', 'tlsroutes', 'TLSRoute'),
  backendTlsPolicies: inGroup(GATEWAY, 'v1', 'backendtlspolicies', 'BackendTLSPolicy'),
  referenceGrants: inGroup(GATEWAY, 'v1beta1', 'referencegrants', 'ReferenceGrant'),
  podDisruptionBudgets: inGroup('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  priorityClasses: inGroup('scheduling.k8s.io', 'v1', 'priorityclasses', 'PriorityClass', false),
  runtimeClasses: inGroup('node.k8s.io', 'v1', 'runtimeclasses', 'RuntimeClass', false),
  deviceClasses: inGroup('resource.k8s.io', 'v1', 'deviceclasses', 'DeviceClass', false),
  resourceClaims: inGroup('resource.k8s.io', 'v1', 'resourceclaims', 'ResourceClaim'),
  leases: inGroup('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  deployments: inGroup('apps', 'v1', 'deployments', 'Deployment'),
  clusterRoles: inGroup('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false),
  clusterRoleBindings: inGroup('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false),
  apiServices: inGroup('apiregistration.k8s.io', 'v1', 'apiservices', 'APIService', false),
  serviceCidrs: inGroup('networking.k8s.io', 'v1', 'servicecidrs', 'ServiceCIDR', false),
  customResourceDefinitions: inGroup(
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    false,
  ),
  mutatingWebhooks: inGroup(
    'admissionregistration.k8s.io',
    'v1',
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    false,
  ),
} as const satisfies Record<string, Resource>;

/** `v1` or `group/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
