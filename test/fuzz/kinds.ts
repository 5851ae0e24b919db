import { ANNOTATIONS } from '../../lib';
import type { TestObject } from '../api/support/api';

/** Objects that are valid, to begin with: of each kind that reaches the host. */
export const SEEDS: readonly ((name: string, namespace: string) => TestObject)[] = [
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'main', image: 'registry.example/web:1', env: [{ name: 'A', value: 'b' }] }],
      volumes: [{ name: 'v', configMap: { name: 'shared', optional: true } }],
    },
  }),
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  }),
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, annotations: { [ANNOTATIONS.forceSync]: 'true' } },
    data: { a: 'b' },
  }),
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, annotations: { [ANNOTATIONS.forceSync]: 'true' } },
    stringData: { a: 'b' },
  }),
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace },
    spec: { defaultBackend: { service: { name, port: { number: 80 } } } },
  }),
  (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: { app: name } }, ingress: [{}] },
  }),
  (name, namespace) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  }),
  (name, namespace) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'] }],
    ports: [{ port: 80 }],
  }),
  (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
  }),
];

/** The group versions whose schemas they need. */
export const SEED_VERSIONS = ['v1', 'networking.k8s.io/v1', 'policy/v1', 'discovery.k8s.io/v1'] as const;
