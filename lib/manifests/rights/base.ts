import { FOLLOW, type Right, SYNC } from './right';

/** What every syncer may do in its host namespace, each line with the feature that needs it. */
export const BASE_RIGHTS: readonly Right[] = [
  // The tenant's pods.
  { group: '', resource: 'pods', verbs: SYNC },
  // Readiness gates: conditions that are set in the virtual cluster reach the kubelet.
  { group: '', resource: 'pods/status', verbs: ['patch'] },
  // kubectl debug.
  { group: '', resource: 'pods/ephemeralcontainers', verbs: ['patch'] },
  // Resizing a pod in place.
  { group: '', resource: 'pods/resize', verbs: ['patch'] },
  // kubectl logs.
  { group: '', resource: 'pods/log', verbs: ['get'] },
  // kubectl exec, attach and port-forward: `get` by WebSocket, `create` by SPDY and, from Kubernetes 1.35, by both.
  { group: '', resource: 'pods/exec', verbs: ['get', 'create'] },
  { group: '', resource: 'pods/attach', verbs: ['get', 'create'] },
  { group: '', resource: 'pods/portforward', verbs: ['get', 'create'] },
  // The tenant's Services, the Services of virtual nodes, and finding out the service CIDR by a dry run.
  { group: '', resource: 'services', verbs: SYNC },
  // Services without a selector.
  { group: '', resource: 'endpoints', verbs: SYNC },
  { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: SYNC },
  // What pods refer to, and the syncer's own configuration sections.
  { group: '', resource: 'configmaps', verbs: SYNC },
  // What pods refer to, their tokens; updated whole: the cluster's certificates and its kubeconfig.
  { group: '', resource: 'secrets', verbs: [...SYNC, 'update'] },
  // Events about the tenant's pods, shown in the virtual cluster.
  { group: '', resource: 'events', verbs: FOLLOW },
  // Which syncer is at work, and what it remembers about the virtual store.
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update'] },
];
