import { hostLabelKey, hostName } from '../../lib/contract';
import type { TestObject } from '../api/support/api';

/** A kind of which there shall be a thousand objects. */
export interface ScaledKind {
  readonly name: string;
  readonly object: (index: number) => TestObject;
  /** What the host must have beforehand for each, beyond the virtual cluster's namespace. @default nothing */
  readonly onHost?: (index: number, place: HostPlace) => TestObject;
  /** A merge patch that the tenant makes to each. */
  readonly change: object;
  /** Whether a host copy is what its virtual object asks for. */
  readonly isEqual: (virtual: TestObject, host: TestObject, cluster: string) => boolean;
}

/** Where the copies lie. */
export interface HostPlace {
  /** Name of the virtual cluster. */
  readonly cluster: string;
  readonly namespace: string;
}

const NAMESPACE = 'default';
const meta = (prefix: string, index: number) => ({
  name: `${prefix}-${index}`,
  namespace: NAMESPACE,
  labels: { app: 'scaled' },
});
const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/**
 * The main kinds. Each pod reads a ConfigMap and a Secret of its own, so that those cross too. Each claim finds a volume
 * that waits for it: the host's controllers would tell of a thousand unbound ones every few seconds, and be the only ones
 * to be measured.
 */
export const SCALED_KINDS: readonly ScaledKind[] = [
  {
    name: 'Service',
    object: (index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('service', index),
      // Each selects nothing but its own: a thousand that all selected a thousand pods would measure the host's controllers.
      spec: { selector: { number: `${index}` }, ports: [{ port: 80, protocol: 'TCP' }] },
    }),
    change: { spec: { ports: [{ port: 81, protocol: 'TCP' }] } },
    isEqual: ({ spec }, host) => same(spec.ports, host.spec.ports) && spec.clusterIP === host.spec.clusterIP,
  },
  {
    name: 'ConfigMap',
    object: (index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('config', index),
      data: { number: `${index}` },
    }),
    change: { data: { changed: 'yes' } },
    isEqual: ({ data }, host) => same(data, host.data),
  },
  {
    name: 'Secret',
    object: (index) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('secret', index),
      data: { number: Buffer.from(`${index}`).toString('base64') },
    }),
    change: { data: { changed: 'eWVz' } },
    isEqual: ({ data }, host) => same(data, host.data),
  },
  {
    name: 'Pod',
    object: (index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: meta('pod', index),
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'main',
            image: 'registry.example/web:1',
            envFrom: [{ configMapRef: { name: `config-${index}` } }, { secretRef: { name: `secret-${index}` } }],
          },
        ],
      },
    }),
    change: { metadata: { labels: { app: 'changed' } } },
    isEqual: ({ metadata, spec, status }, host, cluster) =>
      status.phase === 'Running' &&
      spec.nodeName === host.spec.nodeName &&
      status.podIP === host.status.podIP &&
      metadata.labels?.app === host.metadata.labels?.[hostLabelKey('app', cluster)],
  },
  {
    name: 'Ingress',
    object: (index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta('ingress', index),
      spec: { defaultBackend: { service: { name: `service-${index}`, port: { number: 80 } } } },
    }),
    change: { spec: { defaultBackend: { service: { port: { number: 81 } } } } },
    isEqual: ({ metadata, spec }, host, cluster) => {
      const { service } = spec.defaultBackend;
      const name = hostName(service.name, metadata.namespace ?? '', cluster);
      return same(host.spec.defaultBackend, { service: { ...service, name } });
    },
  },
  {
    name: 'NetworkPolicy',
    object: (index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: meta('policy', index),
      spec: { podSelector: { matchLabels: { number: `${index}` } }, policyTypes: ['Ingress'] },
    }),
    change: { spec: { policyTypes: ['Ingress', 'Egress'] } },
    isEqual: ({ spec }, host) => same(spec.policyTypes, host.spec.policyTypes),
  },
  {
    name: 'PersistentVolumeClaim',
    object: (index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta('claim', index),
      spec: { storageClassName: 'scaled', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    }),
    onHost: (index, { cluster, namespace }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${cluster}-${index}` },
      spec: {
        capacity: { storage: '1Mi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'scaled',
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { name: hostName(`claim-${index}`, NAMESPACE, cluster), namespace },
        nfs: { server: 'files.example.com', path: '/' },
      },
    }),
    change: { metadata: { labels: { app: 'changed' } } },
    isEqual: ({ metadata, spec, status }, host, cluster) =>
      status.phase === 'Bound' &&
      host.status.phase === 'Bound' &&
      same(spec.resources, host.spec.resources) &&
      metadata.labels?.app === host.metadata.labels?.[hostLabelKey('app', cluster)],
  },
];

/** The same value with the keys of all objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
