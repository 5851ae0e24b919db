import { POD_SECURITY } from '../../syncer/pods/security';

/** The option by which each kind that can be left out is copied to the host. */
export const OPTION_OF_KIND: { readonly [kind: string]: string } = {
  PersistentVolumeClaim: 'sync.toHost.persistentVolumeClaims.enabled',
  PersistentVolume: 'sync.toHost.persistentVolumes.enabled',
  ServiceAccount: 'sync.toHost.serviceAccounts.enabled',
  Namespace: 'namespaces',
  'StorageClass.storage.k8s.io': 'sync.toHost.storageClasses.enabled',
  'VolumeSnapshot.snapshot.storage.k8s.io': 'sync.toHost.volumeSnapshots.enabled',
  'Ingress.networking.k8s.io': 'sync.toHost.ingresses.enabled',
  'NetworkPolicy.networking.k8s.io': 'sync.toHost.networkPolicies.enabled',
  'PodDisruptionBudget.policy': 'sync.toHost.podDisruptionBudgets.enabled',
  'PriorityClass.scheduling.k8s.io': 'sync.toHost.priorityClasses.enabled',
  'ResourceClaim.resource.k8s.io': 'sync.toHost.resourceClaims.enabled',
  'Gateway.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.gateways',
  'HTTPRoute.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.httpRoutes',
  'GRPCRoute.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.grpcRoutes',
  'TLSRoute.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.tlsRoutes',
  'BackendTLSPolicy.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.backendTlsPolicies',
  'ReferenceGrant.gateway.networking.k8s.io': 'sync.toHost.gatewayApi.referenceGrants',
};

/** The option that decides what a refused field may hold, by the end of the field's path. */
const OPTION_OF_REFUSAL: readonly (readonly [RegExp, string])[] = [
  [/runtimeClassName$/, 'sync.toHost.pods.runtimeClasses.allowed'],
  [/resourceClaims$|resources\.claims$/, 'sync.toHost.resourceClaims.enabled'],
  [/ingressClassName$|kubernetes\.io\/ingress\.class\]$/, 'sync.fromHost.ingressClasses.selector'],
  [/gatewayClassName$/, 'sync.fromHost.gatewayClasses.selector'],
  [/storageClassName$/, 'sync.fromHost.storageClasses.selector'],
  [/volumeAttributesClassName$/, 'sync.fromHost.volumeAttributesClasses.selector'],
  [/volumeSnapshotClassName$/, 'sync.fromHost.volumeSnapshotClasses.selector'],
  [/deviceClassName$/, 'sync.fromHost.deviceClasses.selector'],
  [/resources\.(requests|limits)\.[a-z-]+$/, 'isolation.limits'],
  [/^spec\.(hostPath|local|csi|nfs|iscsi|fc)/, 'sync.toHost.persistentVolumes.sources'],
];

/** The option that decides whether an object with this field, by this rule, may reach the host. */
export function optionOfRefusal(path: string, rule: string): string | undefined {
  if (rule === 'PatchFailed') return 'patches';
  if (rule === POD_SECURITY)
    return /hostPath|hostPort|capabilities|sysctls/.test(path) ? 'isolation.allow' : 'isolation.level';
  if (rule === 'QuotaExceeded') return 'isolation.quota';
  return OPTION_OF_REFUSAL.find(([field]) => field.test(path))?.[1];
}
