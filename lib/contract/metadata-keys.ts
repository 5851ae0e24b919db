import { isReservedKey, LABELS } from './labels';

/** Kinds whose metadata a declaration can speak of, by the name that it uses, and their names in the API. */
export const KINDS_WITH_METADATA = {
  pods: 'Pod',
  services: 'Service',
  endpoints: 'Endpoints',
  endpointSlices: 'EndpointSlice',
  configMaps: 'ConfigMap',
  secrets: 'Secret',
  persistentVolumeClaims: 'PersistentVolumeClaim',
  persistentVolumes: 'PersistentVolume',
  storageClasses: 'StorageClass',
  volumeSnapshots: 'VolumeSnapshot',
  ingresses: 'Ingress',
  networkPolicies: 'NetworkPolicy',
  podDisruptionBudgets: 'PodDisruptionBudget',
  priorityClasses: 'PriorityClass',
  serviceAccounts: 'ServiceAccount',
  resourceClaims: 'ResourceClaim',
  gateways: 'Gateway',
  httpRoutes: 'HTTPRoute',
  grpcRoutes: 'GRPCRoute',
  tlsRoutes: 'TLSRoute',
} as const;

/** A kind as a declaration names it when it speaks of metadata. */
export type KindWithMetadata = keyof typeof KINDS_WITH_METADATA;

/** The name under which a declaration knows a kind of the API, undefined if it says nothing about its metadata. */
export function declaredKind(kind: string | undefined): KindWithMetadata | undefined {
  const found = Object.entries(KINDS_WITH_METADATA).find(([, name]) => name === kind);
  return found?.[0] as KindWithMetadata | undefined;
}

/** Whether one of the patterns means a key: a key, the beginning of keys followed by `*`, or `*` alone. */
export function matchesKey(patterns: readonly string[], key: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern));
}

/**
 * Label keys that never reach the host as they are, whatever a declaration preserves: our own, the control plane's,
 * those by which Kubernetes' own controllers tell whose an EndpointSlice is, and those that say what pods of a namespace
 * may do.
 */
export function isAlwaysHashed(key: string): boolean {
  return isReservedKey(key) || matchesKey(STEERING_LABELS, key);
}

/** Whether a tenant's label reaches the host under its own key, by what is declared of labels. */
export function isPreservedLabel(
  key: string,
  { preserve, hostOwned }: { readonly preserve: readonly string[]; readonly hostOwned: readonly string[] },
): boolean {
  return preserve.length > 0 && matchesKey(preserve, key) && !isAlwaysHashed(key) && !matchesKey(hostOwned, key);
}

const STEERING_LABELS: readonly string[] = [
  LABELS.release,
  'kubernetes.io/service-name',
  'endpoints.kubernetes.io/*',
  'endpointslice.kubernetes.io/*',
  'pod-security.kubernetes.io/*',
];

/**
 * Annotation keys that never reach the host, whatever a declaration allows: our own, and those in which the clusters
 * keep their own books. On the host, `pv.kubernetes.io/bind-completed` of a tenant would make a new claim count as lost,
 * `kubernetes.io/config.mirror` a pod count as the node's own, and `last-applied-configuration` repeats the data of a Secret.
 */
export function isNeverPassed(key: string): boolean {
  return isReservedKey(key) || matchesKey(BOOKKEEPING_ANNOTATIONS, key) || SNIPPET.test(key);
}

/** Configuration in the language of an ingress controller, with which a tenant could read what all others have there. */
const SNIPPET =
  /^[^/]*(ingress|nginx|haproxy)[^/]*\/(.*-)?(snippets?|config-(backend|frontend|global|tcp).*|.*-template)$/;

const BOOKKEEPING_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubernetes.io/config.*',
  'kubernetes.io/service-account.*',
  'pv.kubernetes.io/*',
  'volume.kubernetes.io/*',
  'volume.beta.kubernetes.io/*',
  'control-plane.alpha.kubernetes.io/*',
  'endpoints.kubernetes.io/*',
];
