import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseManifests } from '../../../../cli/explain/documents';
import { explainManifests } from '../../../../cli/explain/explain';
import { resolveSpec, SubletError } from '../../../../lib';

const spec = resolveSpec({
  name: 'team-a',
  sync: {
    toHost: {
      ingresses: { enabled: true },
      networkPolicies: { enabled: true },
      podDisruptionBudgets: { enabled: true },
      priorityClasses: { enabled: true },
      serviceAccounts: { enabled: true },
      storageClasses: { enabled: true },
      volumeSnapshots: { enabled: true },
      resourceClaims: { enabled: true },
      gatewayApi: { enabled: true },
    },
  },
});

const metadata = { name: 'web', namespace: 'shop', labels: { app: 'web' }, annotations: { note: 'mine' } };
const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] };
const podSpec = {
  containers: [
    {
      name: 'web',
      image: 'nginx',
      env: [
        { name: 'A', value: 'b' },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'key', key: 'k' } } },
        { name: 'C', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      ],
      envFrom: [{ configMapRef: { name: 'conf' } }],
      ports: [{ containerPort: 80 }],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
      resources: { requests: { cpu: '1' } },
    },
  ],
  volumes: [
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'all', projected: { sources: [{ secret: { name: 'key', items: [{ key: 'a', path: 'b' }] } }] } },
    { name: 'own', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'fast' } } } },
  ],
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector }] } },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', labelSelector: selector }],
  tolerations: [{ key: 'a', operator: 'Exists' }],
  hostAliases: [{ ip: '192.0.2.1', hostnames: ['a'] }],
  dnsConfig: { nameservers: ['192.0.2.1'], options: [{ name: 'ndots', value: '2' }] },
  subdomain: 'web',
};
const backend = { service: { name: 'web', port: { number: 80 } } };
const gateway = 'gateway.networking.k8s.io/v1';

/** An object of each kind that is translated, with the fields that its translation reads. */
const GOOD: readonly object[] = [
  { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      serviceName: 'web',
      template: { metadata: { labels: { app: 'web' } }, spec: podSpec },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } }],
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 1 }] }],
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.1'], targetRef: { kind: 'Pod', name: 'web' } }],
    ports: [{ port: 80 }],
  },
  { apiVersion: 'v1', kind: 'Secret', metadata, data: { a: 'Yg==' }, stringData: { c: 'd' }, type: 'Opaque' },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata, secrets: [{ name: 'a' }] },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      resources: { requests: { storage: '1Gi' } },
      selector,
      dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
    },
  },
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner: 'a', parameters: { a: 'b' } },
  {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata,
    spec: { source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName: 'a' },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      defaultBackend: backend,
      rules: [{ host: 'a', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      tls: [{ hosts: ['a'], secretName: 'cert' }],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: selector, namespaceSelector: selector }], ports: [{ port: 80 }] }],
      egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.1/32'] } }] }],
    },
  },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: 1, selector } },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 1 },
  {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata,
    spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu' } }] } },
  },
  {
    apiVersion: gateway,
    kind: 'Gateway',
    metadata,
    spec: {
      gatewayClassName: 'a',
      listeners: [
        {
          name: 'a',
          port: 443,
          protocol: 'HTTPS',
          tls: { certificateRefs: [{ name: 'cert' }] },
          allowedRoutes: { namespaces: { from: 'Selector', selector } },
        },
      ],
    },
  },
  {
    apiVersion: gateway,
    kind: 'HTTPRoute',
    metadata,
    spec: {
      parentRefs: [{ name: 'a', namespace: 'b' }],
      hostnames: ['a'],
      rules: [
        { matches: [{ path: { value: '/' } }], backendRefs: [{ name: 'web', port: 80 }], filters: [{ type: 'a' }] },
      ],
    },
  },
];

const JUNK: readonly unknown[] = [7, 'text', true, null, [], {}, [7], ['text'], [null], [{}], { key: 7 }, { key: {} }];

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...inside];
}

function withJunk(value: unknown, path: Path, junk: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return junk;
  if (Array.isArray(value))
    return value.map((member, index) => (index === key ? withJunk(member, rest, junk) : member));
  return { ...Object(value), [key]: withJunk(Object(value)[key], rest, junk) };
}

/** What came of a text: `explained`, or the code of the error. */
function outcomeOf(text: string): string {
  try {
    explainManifests(parseManifests('f.yaml', text), spec);
    return 'explained';
  } catch (error) {
    if (error instanceof SubletError) return error.code;
    throw error;
  }
}

describe('malformed manifests', () => {
  it('are the exception: these are translated', () => {
    for (const object of GOOD) expect(outcomeOf(stringify(object))).toBe('explained');
  });

  it('are explained as far as they can be, or refused by a typed error, wherever the junk is', () => {
    const broken = fc
      .constantFrom(...GOOD)
      .chain((object) =>
        fc
          .tuple(fc.constantFrom(...pathsIn(object)), fc.constantFrom(...JUNK))
          .map(([path, junk]) => stringify(withJunk(object, path, junk))),
      );
    fc.assert(
      fc.property(broken, (text) => {
        expect(['explained', 'MANIFEST_INVALID']).toContain(outcomeOf(text));
      }),
      { numRuns: 2000 },
    );
  });
});
