import type { VirtualClusterSpec } from '../../../lib';

/** Declares nothing but a name. */
export const minimal: VirtualClusterSpec = { name: 'team-a' };

/** Declares everything that can be declared, each with a value that is not the default. */
export const full: VirtualClusterSpec = {
  name: 'team-b',
  namespace: 'platform',
  createNamespace: false,
  kubernetes: { version: '1.34', distro: 'k8s' },
  store: {
    kind: 'sqlite',
    persistence: { kind: 'volumeClaim', size: '20Gi', storageClass: 'fast', whenDeleted: 'delete' },
    resources: { requests: { memory: '111Mi' }, limits: { memory: '222Mi' } },
  },
  controlPlane: {
    extraSans: ['api.example.com', '192.0.2.7', '*.example.org'],
    service: {
      type: 'LoadBalancer',
      loadBalancerClass: 'example.com/lb',
      loadBalancerSourceRanges: ['198.51.100.0/24'],
      annotations: { 'example.com/scheme': 'internal' },
    },
    apiServer: {
      resources: { requests: { cpu: '333m' }, limits: { cpu: '2' } },
      extraArgs: { v: '4', 'runtime-config': ['api/beta=true', 'api/legacy=false'] },
    },
    controllerManager: {
      resources: { requests: { cpu: '44m' } },
      extraArgs: { 'kube-api-qps': '55', 'concurrent-gc-syncs': '7' },
    },
    syncer: { resources: { limits: { 'ephemeral-storage': '1Gi' } }, logLevel: 'debug' },
    podAnnotations: { 'example.com/scrape': 'yes' },
    nodeSelector: { 'example.com/pool': 'system' },
    tolerations: [
      { operator: 'Equal', key: 'example.com/pool', value: 'system', effect: 'NoSchedule' },
      { operator: 'Exists', key: 'example.com/spot' },
    ],
    priorityClass: 'platform',
  },
  networking: { clusterDomain: 'team-b.internal', serviceCidr: '10.100.0.0/16' },
  dns: { replicas: 2, forwardToHost: true },
  images: {
    registry: 'registry.example.com:5000/mirror',
    kine: 'registry.example.com/kine:1',
    pullPolicy: 'Always',
    pullSecrets: ['registry-a'],
    workloadPullSecrets: ['registry-b'],
  },
  kubeconfig: { server: 'https://api.example.com:6443' },
};

/** Declarations whose manifests differ in shape. */
export const specs: readonly (readonly [string, VirtualClusterSpec])[] = [
  ['nothing but a name', minimal],
  ['everything', full],
  ['an ephemeral store', { name: 'team-c', store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } }],
  [
    'a database outside',
    {
      name: 'team-e',
      store: {
        kind: 'postgres',
        connection: { secretName: 'team-e-db', key: 'url' },
        tls: { secretName: 'db-authority', clientCertificate: true },
        resources: { limits: { memory: '99Mi' } },
      },
      controlPlane: { replicas: 3 },
    },
  ],
  ['another database', { name: 'team-f', store: { kind: 'mysql', connection: { secretName: 'team-f-db' } } }],
  [
    'an etcd outside',
    {
      name: 'team-g',
      store: {
        kind: 'etcd',
        endpoints: ['https://etcd-0.example.com:2379', 'https://etcd-1.example.com:2379'],
        tls: { secretName: 'etcd-client' },
      },
      controlPlane: { replicas: 2 },
    },
  ],
  ['a node port', { name: 'team-d', controlPlane: { service: { type: 'NodePort', nodePort: 30_443 } } }],
];
