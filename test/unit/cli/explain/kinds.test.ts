import { parseManifests } from '../../../../cli/explain/documents';
import { explainManifests } from '../../../../cli/explain/explain';
import { kindOfResource } from '../../../../cli/explain/kind-of';
import { OPTION_OF_KIND } from '../../../../cli/explain/options';
import type { Explanation } from '../../../../cli/explain/types';
import { resolveSpec, type VirtualClusterOptions } from '../../../../lib';
import { DECLARATIONS } from '../../../../syncer/app/declarations';
import { ARTICLE } from '../../engine/context';
import { sectionsOf } from '../../engine/sections';

function only(text: string, options: VirtualClusterOptions = {}): Explanation {
  const all = explainManifests(parseManifests('-', text), resolveSpec({ name: 'team-a', ...options }));
  expect(all).toHaveLength(1);
  return all[0] as Explanation;
}

const object = (apiVersion: string, kind: string, content: string, name = 'web'): string =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}, namespace: shop}, ${content}}`;
const INGRESS = object(
  'networking.k8s.io/v1',
  'Ingress',
  'spec: {ingressClassName: nginx, tls: [{secretName: cert}], rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}',
);
const toHost = (kinds: NonNullable<VirtualClusterOptions['sync']>['toHost']): VirtualClusterOptions => ({
  sync: { ...(kinds && { toHost: kinds }) },
});

describe('a Service, explained', () => {
  it('has the same address on both sides, which only the host knows, and selects pods of its namespace', () => {
    const explained = only(object('v1', 'Service', 'spec: {selector: {app: web}, ports: [{port: 80}]}'));
    expect(explained.hostObjects).toEqual([
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'web-x-shop-x-team-a' }),
        spec: expect.objectContaining({ clusterIP: '<ClusterIP of shop/web>' }),
      }),
    ]);
    expect(explained.rewritten.map(({ path }) => path)).toContain('spec.selector.app');
  });

  it('loses what would take from others', () => {
    const { dropped } = only(object('v1', 'Service', 'spec: {externalIPs: [192.0.2.1], ports: [{port: 80}]}'));
    expect(dropped).toEqual([expect.objectContaining({ path: 'spec.externalIPs', from: ['192.0.2.1'] })]);
  });

  it('stays where it is but a name', () => {
    const explained = only(object('v1', 'Service', 'spec: {type: ExternalName, externalName: example.com}'));
    expect(explained).toMatchObject({ outcome: 'virtualOnly', reason: expect.stringContaining('ExternalName') });
  });

  it('stands on the host under a given name too', () => {
    const { hostObjects } = only(object('v1', 'Service', 'spec: {ports: [{port: 80}]}'), {
      serviceMappings: {
        toHost: [{ virtual: { namespace: 'shop', name: 'web' }, host: { namespace: 'shared', name: 'shop' } }],
      },
    });
    expect(hostObjects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'vcluster-team-a/web-x-shop-x-team-a',
      'shared/shop',
    ]);
  });
});

describe('an Ingress, explained', () => {
  it('stays until the declaration copies it', () => {
    expect(only(INGRESS)).toMatchObject({ outcome: 'virtualOnly', option: 'sync.toHost.ingresses.enabled' });
  });

  it('leads to the copies of what it names', () => {
    const { rewritten, hostObjects } = only(INGRESS, {
      ...toHost({ ingresses: { enabled: true } }),
      isolation: { classes: { ingress: { allowed: ['nginx'] } } },
    });
    expect(hostObjects).toHaveLength(1);
    const renamed = rewritten.filter(({ path }) => path.startsWith('spec.')).map(({ path, to }) => [path, to]);
    expect(renamed).toEqual([
      ['spec.rules[0].http.paths[0].backend.service.name', 'web-x-shop-x-team-a'],
      ['spec.tls[0].secretName', 'cert-x-shop-x-team-a'],
    ]);
  });

  it("is refused for a host name that is not the cluster's, and takes one that is for free", () => {
    const explained = (allowed: string) =>
      only(INGRESS, {
        ...toHost({ ingresses: { enabled: true } }),
        isolation: {
          classes: { ingress: { allowed: ['nginx'] } },
          hostnames: { allowed: [allowed], claims: { namespace: 'claims' } },
        },
      });
    expect(explained('*.example.com').outcome).toBe('copied');
    expect(explained('other.example.com')).toMatchObject({
      outcome: 'refused',
      refusals: [{ message: expect.stringContaining('Isolation "hostnames.allowed": spec.rules[0].host: ') }],
    });
  });

  it.each([
    [{ names: ['nginx'] }, 'copied'],
    [{ matchLabels: { tenants: 'yes' } }, 'copied'],
    [{ names: ['other'] }, 'refused'],
  ])('with the classes %j of the host is %s', (selector, outcome) => {
    const options = { sync: { toHost: { ingresses: { enabled: true } }, fromHost: { ingressClasses: { selector } } } };
    const explained = only(INGRESS, options);
    expect(explained.outcome).toBe(outcome);
    if (outcome === 'refused')
      expect(explained.refusals[0]).toMatchObject({
        path: 'spec.ingressClassName',
        option: 'sync.fromHost.ingressClasses.selector',
      });
  });
});

describe('other kinds, explained', () => {
  it.each<[string, string, VirtualClusterOptions, Partial<Explanation>]>([
    ['a Role', object('rbac.authorization.k8s.io/v1', 'Role', 'rules: []'), {}, { outcome: 'virtualOnly' }],
    [
      'a ConfigMap that nothing uses',
      object('v1', 'ConfigMap', 'data: {}'),
      {},
      { outcome: 'virtualOnly', option: 'sync.toHost.configMaps.all' },
    ],
    [
      'a ConfigMap where all are copied',
      object('v1', 'ConfigMap', 'data: {}'),
      toHost({ configMaps: { all: true } }),
      { outcome: 'copied' },
    ],
    ['a claim', object('v1', 'PersistentVolumeClaim', 'spec: {storageClassName: fast}'), {}, { outcome: 'copied' }],
    [
      'a claim of a class that is not shown',
      object('v1', 'PersistentVolumeClaim', 'spec: {storageClassName: fast}'),
      { sync: { fromHost: { storageClasses: { selector: { names: ['slow'] } } } } },
      { outcome: 'refused' },
    ],
    [
      'a claim of the default class, where classes are shown',
      object('v1', 'PersistentVolumeClaim', 'spec: {}'),
      { sync: { fromHost: { storageClasses: { selector: { matchLabels: { a: 'b' } } } } } },
      { outcome: 'copied' },
    ],
    [
      'a storage class that names a Secret',
      '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: mine}, provisioner: x.example, parameters: {csi.storage.k8s.io/provisioner-secret-name: root}}',
      toHost({ storageClasses: { enabled: true } }),
      { outcome: 'refused' },
    ],
    [
      'Endpoints before their Service is known',
      object('v1', 'Endpoints', 'subsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: 80}]}]'),
      {},
      { outcome: 'waiting' },
    ],
    [
      'a route whose Gateway is elsewhere',
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'spec: {parentRefs: [{name: gw}], rules: []}'),
      toHost({ gatewayApi: { enabled: true } }),
      { outcome: 'copied' },
    ],
  ])('%s', (_what, text, options, expected) => {
    expect(only(text, options)).toMatchObject(expected);
  });

  it('a priority class, capped', () => {
    const text = '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: mine}, value: 5000}';
    const { rewritten } = only(text, toHost({ priorityClasses: { enabled: true, maxValue: 1000 } }));
    expect(rewritten).toContainEqual(
      expect.objectContaining({ path: 'value', from: 5000, to: 1000, option: 'sync.toHost.priorityClasses.maxValue' }),
    );
  });

  it('a custom resource, by its rule', () => {
    const customResources = {
      toHost: [
        {
          definition: 'certificates.cert-manager.io' as const,
          version: 'v1',
          kind: 'Certificate',
          references: [{ path: 'spec.secretName', kind: 'secrets' as const }],
        },
      ],
    };
    const text = object('cert-manager.io/v1', 'Certificate', 'spec: {secretName: cert}');
    expect(only(text).outcome).toBe('virtualOnly');
    const explained = only(text, { customResources });
    expect(explained.outcome).toBe('copied');
    expect(explained.rewritten).toContainEqual(
      expect.objectContaining({ path: 'spec.secretName', to: 'cert-x-shop-x-team-a' }),
    );
  });

  it('names an option for every kind that can be switched off', () => {
    const sections = sectionsOf({
      sync: { toHost: { gatewayApi: { enabled: true } } },
      namespaces: { mode: 'perNamespace' },
    });
    const all = DECLARATIONS.flatMap((one) => (typeof one === 'function' ? one({ ...ARTICLE, sections }) : [one]));
    const copied = all.flatMap(({ copies }) => (copies === undefined ? [] : [kindOfResource(copies.resource)]));
    expect([...copied].sort()).toEqual(Object.keys(OPTION_OF_KIND).sort());
  });
});
