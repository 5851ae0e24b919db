import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { convertValues } from '../../../../cli/convert/convert-values';
import type { Note } from '../../../../cli/convert/note';
import { FRAMEWORKS, printProgram } from '../../../../cli/convert/print-program';
import { isTree, type Path, pathText, placesOf, type Tree, valueAt, withValue } from '../../../../cli/convert/tree';
import { resolveSpec } from '../../../../lib/spec';
import { typeErrors } from '../../../support/type-errors';

const FOLDER = join(__dirname, 'values');
const FILES = readdirSync(FOLDER).map((file) => file.replace('.yaml', ''));

function values(file: string): Tree {
  const parsed: unknown = parse(readFileSync(join(FOLDER, `${file}.yaml`), 'utf8'));
  if (!isTree(parsed)) throw new Error(`${file} is no mapping`);
  return parsed;
}
const converted = (file: string) => convertValues(values(file), { name: 'team-a' });
const open = (notes: readonly Note[]) =>
  notes.filter(({ kind }) => kind === 'unsupported' || kind === 'unknown').map(({ path }) => path);

/** The leaves of a file about which nothing is said, neither at them nor above them. */
function silent(tree: Tree, notes: readonly Note[]): readonly string[] {
  const said = new Set(notes.map(({ path }) => path));
  const leaves = placesOf(tree).filter((place) => place.length > 0 && !hasPlacesBelow(valueAt(tree, place)));
  const above = (place: Path): readonly Path[] => place.map((_step, index) => place.slice(0, index + 1));
  return leaves.filter((leaf) => !above(leaf).some((place) => said.has(pathText(place)))).map(pathText);
}

function hasPlacesBelow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

describe('a quota', () => {
  const policiesOf = (policies: Tree) => convertValues({ policies }, { name: 'team-a' });

  it('keeps its amounts under the names that they have here', () => {
    const quota = {
      'requests.cpu': 4,
      'count/pods': '7',
      'requests.nvidia.com/gpu': 1,
      'count/ingresses.networking.k8s.io': 3,
    };
    const { spec, notes } = policiesOf({ resourceQuota: { enabled: true, quota }, limitRange: { enabled: false } });
    expect(spec).toMatchObject({
      isolation: {
        quota: {
          requests: { cpu: '4', memory: '20Gi' },
          counts: { pods: 7 },
          devices: { 'nvidia.com/gpu': 1 },
          objects: { 'ingresses.networking.k8s.io': 3 },
        },
      },
    });
    expect(spec).not.toHaveProperty('isolation.limits');
    expect(open(notes)).toEqual([]);
  });

  it('comes with limits of containers, and says what has no counterpart', () => {
    const max = { cpu: '2' };
    const { spec, notes } = policiesOf({ limitRange: { enabled: true, max, labels: { a: 'b' } } });
    expect(spec).toMatchObject({
      isolation: { quota: { counts: { pods: 20 } }, limits: { max, default: { cpu: '1' } } },
    });
    expect(open(notes)).toEqual(['policies.limitRange.labels']);
  });
});

describe('a team behind a shared ingress controller', () => {
  const { spec, notes } = converted('team-behind-ingress');

  it('keeps what it said', () => {
    expect(spec).toEqual({
      name: 'team-a',
      kubernetes: { version: '1.35.4' },
      store: {
        kind: 'sqlite',
        persistence: { kind: 'volumeClaim', size: '20Gi', storageClass: 'fast', whenDeleted: 'delete' },
      },
      controlPlane: {
        apiServer: {
          extraArgs: { v: '2', 'oidc-issuer-url': 'https://login.example.com', 'oidc-client-id': 'team-a' },
        },
        extraSans: ['team-a.clusters.example.com'],
        podAnnotations: { 'example.com/cost-centre': '4711' },
        nodeSelector: { pool: 'control-planes' },
        tolerations: [
          { operator: 'Equal', key: 'pool', value: 'control-planes', effect: 'NoSchedule' },
          { operator: 'Exists', key: 'node.kubernetes.io/memory-pressure' },
        ],
        priorityClass: 'system',
      },
      dns: { replicas: 2 },
      images: {
        registry: 'registry.example.com/mirror',
        pullSecrets: ['registry'],
        workloadPullSecrets: ['registry'],
      },
      endpoint: {
        via: 'ingress',
        hostname: 'team-a.k8s.example.com',
        ingressClass: 'nginx',
        controller: 'nginx',
        annotations: { 'external-dns.alpha.kubernetes.io/target': '192.0.2.1' },
      },
      sync: {
        toHost: {
          pods: {
            translateImages: { 'docker.io': 'mirror.example.com/hub', 'registry.k8s.io': 'mirror.example.com/k8s' },
            enforceTolerations: ['pool=tenants:NoSchedule'],
            runtimeClasses: { default: 'gvisor' },
            priorityClasses: { default: 'tenants' },
            rewriteHosts: { enabled: false },
          },
          ingresses: { enabled: true },
          networkPolicies: { enabled: true },
          serviceAccounts: { enabled: true },
        },
        fromHost: {
          ingressClasses: { enabled: true, selector: { matchLabels: { shared: 'true' } } },
          storageClasses: { enabled: true },
          priorityClasses: { enabled: true },
        },
      },
      // One switches on the other, with what vCluster has by default.
      isolation: {
        quota: {
          requests: { cpu: '10', memory: '20Gi', storage: '100Gi', 'ephemeral-storage': '60Gi' },
          limits: { cpu: '20', memory: '40Gi', 'ephemeral-storage': '160Gi' },
          counts: {
            pods: 20,
            services: 20,
            secrets: 100,
            configmaps: 100,
            persistentvolumeclaims: 20,
            'services.nodeports': 0,
            'services.loadbalancers': 1,
          },
          objects: { endpoints: 40 },
        },
        limits: {
          default: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '8Gi' },
          defaultRequest: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '3Gi' },
        },
      },
    });
  });

  it('has nothing left to do itself', () => {
    expect(open(notes)).toEqual([]);
  });
});

test('real nodes, a scheduler of its own and a load balancer', () => {
  const { spec, notes } = converted('real-nodes-and-scheduler');
  expect(open(notes)).toEqual([]);
  expect(spec).toMatchObject({
    kubernetes: { version: '1.36' },
    nodes: { mode: 'selected', selector: { accelerator: 'gpu' }, scheduling: { by: 'own', extraArgs: { v: '3' } } },
    controlPlane: {
      service: {
        type: 'LoadBalancer',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
      },
    },
    sync: {
      toHost: { resourceClaims: { enabled: true }, gatewayApi: { enabled: true, tlsRoutes: false } },
      fromHost: { runtimeClasses: { enabled: true, selector: { matchExpressions: [{ key: 'tier' }] } } },
    },
  });
});

test('an environment that is thrown away', () => {
  const { spec, notes } = converted('preview-environment');
  expect(open(notes)).toEqual([]);
  expect(spec).toEqual({
    name: 'team-a',
    kubernetes: { version: '1.37' },
    store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } },
    controlPlane: { service: { type: 'NodePort', nodePort: 30443 } },
    dns: { mode: 'embedded', forwardToHost: true },
    networking: { clusterDomain: 'preview.local' },
    nodes: { mode: 'fake', metrics: { source: 'none' } },
  });
});

test('Services, names, Secrets and namespaces of both sides', () => {
  const { spec, notes } = converted('shared-services');
  expect(open(notes)).toEqual(['networking.resolveDNS[3]']);
  expect(spec).toEqual({
    name: 'team-a',
    sync: {
      toHost: { secrets: { all: true }, configMaps: { all: true } },
      fromHost: {
        secrets: {
          mappings: [
            { host: { namespace: 'shared', name: 'registry' }, virtual: { namespace: 'apps', name: 'pull' } },
            { host: { namespace: 'certs' }, virtual: { namespace: 'certs' } },
            { host: { name: 'license' }, virtual: { namespace: 'apps' } },
          ],
        },
        configMaps: { mappings: [{ host: {}, virtual: { namespace: 'settings' } }] },
      },
    },
    endpoint: {
      via: 'gateway',
      hostname: 'team-a.example.com',
      gateway: { name: 'public', namespace: 'gateways', listener: 'tls' },
    },
    namespaces: {
      mode: 'mapped',
      unmapped: 'none',
      mappings: [
        { virtual: 'billing', host: 'billing-team-a' },
        { virtual: 'team-*', host: 'tenants-team-*' },
      ],
    },
    serviceMappings: {
      toHost: [{ virtual: { namespace: 'default', name: 'web' }, host: { name: 'shop' } }],
      fromHost: [{ virtual: { namespace: 'data', name: 'db' }, host: { namespace: 'databases', name: 'postgres' } }],
    },
    dns: {
      names: [
        { name: 'db.example.com', to: { kind: 'hostService', namespace: 'databases', name: 'postgres' } },
        { name: 'printer.example.com', to: { kind: 'addresses', addresses: ['192.0.2.9'] } },
        { name: 'api.default.svc.cluster.local', to: { kind: 'name', name: 'api.example.com' } },
      ],
    },
  });
});

describe('what can’t be had', () => {
  const { spec, notes } = converted('highly-available');

  it('is left out and told, each with what to do instead', () => {
    expect(spec).toEqual({
      name: 'team-a',
      store: { kind: 'postgres', connection: { secretName: 'team-a-store' } },
      controlPlane: { replicas: 3 },
      isolation: { level: 'baseline' },
    });
    expect(open(notes)).toEqual([
      'controlPlane.backingStore.database.external.dataSource',
      'controlPlane.statefulSet.env',
      'controlPlane.statefulSet.labels',
      'controlPlane.distro.k3s',
      'controlPlane.serviceMonitor',
      'sync.toHost.customResources["certificates.cert-manager.io"]',
      'sync.toHost.pods.patches',
      'integrations.certManager',
      'plugins',
      'rbac.clusterRole.extraRules',
      'experimental.deploy.vcluster.manifests',
      'platform',
      'sleep',
    ]);
  });

  it('is told without the secrets of the file', () => {
    expect(JSON.stringify(notes)).not.toContain('hunter2');
    expect(FRAMEWORKS.map((framework) => printProgram(spec, notes, framework)).join()).not.toContain('hunter2');
  });
});

test('what the chart says anyway becomes nothing but its Kubernetes version', () => {
  const { spec, notes } = converted('chart-defaults');
  expect(spec).toEqual({ name: 'team-a', kubernetes: { version: '1.36' } });
  expect(open(notes)).toEqual([]);
});

describe('whatever a file says', () => {
  const samples = FILES.map(values);
  const leaves = samples.flatMap((tree) =>
    placesOf(tree)
      .filter((place) => place.length > 0)
      .map((place) => ({ tree, place })),
  );
  const anything = fc.oneof(
    fc.constantFrom<unknown>(null, '', 'auto', true, false, 0, 1, 'x', '10Gi', 'a/b', [], {}, ['a'], [{}], {
      enabled: true,
    }),
    fc.string(),
    fc.jsonValue(),
  );

  it('every key is spoken of', () => {
    for (const tree of samples) expect(silent(tree, convertValues(tree, { name: 'team-a' }).notes)).toEqual([]);
  });

  it('every key is spoken of and the declaration passes, whatever stands at any place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...leaves), anything, ({ tree, place }, value) => {
        const changed = withValue(tree, place, value);
        if (!isTree(changed)) return;
        const { spec, notes } = convertValues(changed, { name: 'team-a' });
        resolveSpec(spec);
        expect(silent(changed, notes)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

test('every program type-checks', () => {
  const programs = FILES.flatMap((file) => {
    const { spec, notes } = converted(file);
    return FRAMEWORKS.map((framework) => [`${file}-${framework}.ts`, printProgram(spec, notes, framework)] as const);
  });
  expect(typeErrors(new Map(programs))).toEqual([]);
});
