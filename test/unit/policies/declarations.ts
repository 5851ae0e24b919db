import { type PolicyDeclarations, type PolicyOption, patch, type VirtualClusterOptions } from '../../../lib';

/** A policy, and what else is declared of its virtual cluster. */
export type DeclaredPolicy = {
  readonly [Option in PolicyOption]: {
    readonly option: Option;
    readonly declaration: PolicyDeclarations[Option];
    readonly beside?: VirtualClusterOptions;
  };
}[PolicyOption];

/** Policies of every kind, with and without rights of their own, and beside options on which their rights depend. */
export const POLICIES: readonly (readonly [string, DeclaredPolicy])[] = [
  ['nothing special crosses', { option: 'sync', declaration: {} }],
  [
    'what has rights in the namespace and in the whole host',
    {
      option: 'sync',
      declaration: {
        toHost: {
          ingresses: { enabled: true },
          networkPolicies: { enabled: true },
          priorityClasses: { enabled: true },
        },
        fromHost: {
          ingressClasses: { enabled: true },
          configMaps: { mappings: [{ host: { namespace: 'shared', name: 'ca' }, virtual: { namespace: 'default' } }] },
        },
      },
    },
  ],
  ['claims do not cross', { option: 'sync', declaration: { toHost: { persistentVolumeClaims: { enabled: false } } } }],
  [
    'Ingresses, where virtual namespaces have host namespaces',
    {
      option: 'sync',
      declaration: { toHost: { ingresses: { enabled: true } } },
      beside: { namespaces: { mode: 'perNamespace' } },
    },
  ],
  [
    'volumes, where the virtual cluster schedules itself',
    {
      option: 'sync',
      declaration: { fromHost: { storageClasses: { enabled: true } } },
      beside: { nodes: { mode: 'all', scheduling: { by: 'own' } } },
    },
  ],
  ['no nodes and no measurements', { option: 'nodes', declaration: { mode: 'fake', metrics: { source: 'none' } } }],
  [
    'selected nodes that take labels',
    { option: 'nodes', declaration: { mode: 'selected', selector: { pool: 'a' }, toHost: { labels: ['team/*'] } } },
  ],
  [
    'a Service of another namespace',
    {
      option: 'serviceMappings',
      declaration: {
        fromHost: [{ host: { namespace: 'shared', name: 'db' }, virtual: { namespace: 'default', name: 'database' } }],
      },
    },
  ],
  ['a host namespace for each', { option: 'namespaces', declaration: { mode: 'perNamespace' } }],
  [
    'a host namespace for each, where Ingresses cross',
    {
      option: 'namespaces',
      declaration: { mode: 'perNamespace' },
      beside: { sync: { toHost: { ingresses: { enabled: true } } } },
    },
  ],
  [
    'a custom resource, and a change on its way',
    {
      option: 'customResources',
      declaration: {
        toHost: [{ definition: 'foos.samplecontroller.k8s.io', version: 'v1alpha1', kind: 'Foo' }],
        patches: [patch({ kind: 'configMaps', toHost: (object) => object, oneWay: true })],
      },
    },
  ],
  ['a load balancer', { option: 'endpoint', declaration: { via: 'loadBalancer', hostname: 'a.example.com' } }],
  [
    'a node port',
    { option: 'endpoint', declaration: { via: 'nodePort', hostname: 'a.example.com', nodePort: 30_443 } },
  ],
  [
    'an Ingress',
    {
      option: 'endpoint',
      declaration: { via: 'ingress', hostname: 'a.example.com', ingressClass: 'public', controller: 'nginx' },
    },
  ],
  ['a route of Traefik', { option: 'endpoint', declaration: { via: 'traefik', hostname: 'a.example.com' } }],
  ['nothing beyond baseline', { option: 'isolation', declaration: {} }],
  [
    'restricted with exceptions',
    {
      option: 'isolation',
      declaration: {
        level: 'restricted',
        allow: { hostPaths: [{ pathPrefix: '/var/log/shared' }], capabilities: ['NET_ADMIN'] },
      },
      beside: { admission: 'baseline' },
    },
  ],
  [
    'what tenants may have of the host',
    {
      option: 'isolation',
      declaration: {
        services: {
          loadBalancers: false,
          loadBalancerClasses: ['example.com/internal'],
          loadBalancerIPs: ['198.51.100.0/24'],
          nodePorts: true,
          nodePortRanges: [{ from: 32_000, to: 32_010 }],
          externalIPs: ['2001:db8::/64'],
        },
        hostnames: { allowed: ['*.team-a.example.com'], catchAll: true, claims: { namespace: 'sublet-hostnames' } },
        classes: {
          ingress: { allowed: ['inner'], default: 'public' },
          gateway: ['public'],
          device: ['gpu'],
          storage: { default: 'fast' },
        },
        images: { registries: ['registry.example.com/team-a'] },
        tolerations: ['pool=team-a:NoSchedule'],
      },
      beside: { admission: 'baseline' },
    },
  ],
  [
    'a quota and limits of containers',
    {
      option: 'isolation',
      declaration: {
        quota: {
          requests: { cpu: '10', memory: '20Gi', storage: '100Gi' },
          counts: { pods: 20, 'services.loadbalancers': 1 },
          devices: { 'nvidia.com/gpu': 1 },
          objects: { 'ingresses.networking.k8s.io': 10 },
        },
        limits: { default: { cpu: '1' }, max: { memory: '4Gi' }, min: { cpu: '10m' } },
      },
    },
  ],
  [
    'a network with holes',
    {
      option: 'isolation',
      declaration: {
        network: {
          egress: [{ cidr: '0.0.0.0/0', ports: [{ port: 443 }] }],
          ingress: [{ namespaceLabels: { team: 'edge' } }],
          hostRanges: { nodes: ['10.0.0.0/20'], pods: ['10.42.0.0/16'], services: ['10.43.0.0/16'] },
        },
      },
      beside: { admission: 'baseline', dns: { mode: 'embedded' } },
    },
  ],
  [
    'a network where virtual namespaces have host namespaces',
    {
      option: 'isolation',
      declaration: {},
      beside: { admission: 'baseline', namespaces: { mode: 'perNamespace' }, dns: { forwardToHost: true } },
    },
  ],
  ['a network that is open', { option: 'isolation', declaration: { network: { enforce: false } } }],
  ['no isolation', { option: 'isolation', declaration: { level: 'off' }, beside: { admission: 'baseline' } }],
  [
    'encrypted backups four times a day',
    {
      option: 'backup',
      declaration: {
        encryption: { secret: 'backup-passphrase' },
        to: {
          kind: 'objectStore',
          endpoint: 'https://s3.example.com',
          bucket: 'team-backups',
          credentials: 'backup-bucket',
        },
      },
    },
  ],
  [
    'a route of a Gateway',
    {
      option: 'endpoint',
      declaration: { via: 'gateway', hostname: 'a.example.com', gateway: { name: 'edge', namespace: 'edge' } },
    },
  ],
];
