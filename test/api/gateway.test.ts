import { hostName } from '../../lib/contract';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { eventually } from '../support/eventually';
import { gatewayDefinitions } from '../support/gateway-api';
import { untilTold } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import { type TestApi, type TestObject, testApi } from './support/api';
import { apiHost } from './support/host';
import type { Pair } from './support/pair';
import { usePair } from './support/use-pair';

const GROUP = 'gateway.networking.k8s.io';

let host: TestApi;
const isEstablished = ({ status }: TestObject): boolean =>
  status?.conditions?.some((one: TestObject) => one.type === 'Established' && one.status === 'True') === true;

beforeAll(async () => {
  host = testApi(createKubeClient(connectionOfKubeconfig((await apiHost()).kubeconfig)), 'host');
  for (const definition of await gatewayDefinitions()) {
    await host.create({ ...definition });
    await host.until({ ...definition }, 'to be served', isEstablished);
  }
}, 120_000);

const pair = usePair({
  spec: {
    isolation: { hostnames: { catchAll: true } },
    sync: {
      toHost: { gatewayApi: { enabled: true } },
      fromHost: { gatewayClasses: { selector: { matchLabels: { shown: 'yes' } } } },
    },
  },
  hostObjects: [
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'GatewayClass',
      metadata: { name: 'gateway-shown', labels: { shown: 'yes' } },
      spec: { controllerName: 'example.com/shown' },
    },
  ],
});

afterAll(async () => {
  for (const definition of await gatewayDefinitions()) await host.delete({ ...definition });
  host.client.close();
});

/** The host's name of an object in the namespace of another. */
const beside = (name: string, { metadata }: TestObject, { name: cluster }: Pair): string =>
  hostName(name, metadata.namespace ?? '', cluster);

const gateway = (
  name: string,
  namespace: string,
  allowedRoutes: object = { namespaces: { from: 'Same' } },
): TestObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Gateway',
  metadata: { name, namespace },
  spec: {
    gatewayClassName: 'gateway-shown',
    listeners: [{ name: 'web', port: 80, protocol: 'HTTP', allowedRoutes }],
  },
});

describe('the Gateway API', () => {
  beforeAll(async () => {
    for (const plural of [
      'gateways',
      'httproutes',
      'grpcroutes',
      'tlsroutes',
      'backendtlspolicies',
      'referencegrants',
    ]) {
      const definition = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.${GROUP}` },
      };
      await pair().virtual.until(definition, 'to be served', isEstablished);
    }
  });

  describeKindToHost({
    name: 'Gateway',
    pair,
    object: gateway,
    expectHost: {
      spec: {
        gatewayClassName: 'gateway-shown',
        listeners: [{ name: 'web', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }],
      },
    },
    updates: [
      {
        what: 'its certificate',
        patch: {
          spec: {
            listeners: [{ name: 'tls', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } }],
          },
        },
        expect: (virtual, cluster) => ({
          spec: {
            listeners: [{ name: 'tls', tls: { certificateRefs: [{ name: beside('cert', virtual, cluster) }] } }],
          },
        }),
      },
    ],
    stray: { spec: { listeners: [{ name: 'theirs', port: 81, protocol: 'HTTP' }] } },
    fromHost: [
      {
        what: 'its address',
        patch: { status: { addresses: [{ type: 'IPAddress', value: '203.0.113.3' }] } },
        subresource: 'status',
        expect: { status: { addresses: [{ type: 'IPAddress', value: '203.0.113.3' }] } },
      },
    ],
  });

  for (const [kind, rule] of [
    ['HTTPRoute', { matches: [{ path: { type: 'PathPrefix', value: '/' } }] }],
    ['GRPCRoute', { matches: [{ method: { type: 'Exact', service: 'a.B' } }] }],
    ['TLSRoute', {}],
  ] as const) {
    const rules = (service: string) => [{ ...rule, backendRefs: [{ name: service, port: 80 }] }];
    describeKindToHost({
      name: kind,
      pair,
      companions: (name, namespace) => [gateway(`${name}-edge`, namespace)],
      object: (name, namespace) => ({
        apiVersion: `${GROUP}/v1`,
        kind,
        metadata: { name, namespace },
        spec: { parentRefs: [{ name: `${name}-edge` }], hostnames: ['a.example.com'], rules: rules('web') },
      }),
      expectHost: (virtual, cluster) => ({
        spec: {
          parentRefs: [{ name: beside(`${virtual.metadata.name}-edge`, virtual, cluster) }],
          hostnames: ['a.example.com'],
          rules: rules(beside('web', virtual, cluster)),
        },
      }),
      updates: [
        {
          what: 'where it leads',
          patch: { spec: { rules: rules('shop') } },
          expect: (virtual, cluster) => ({ spec: { rules: rules(beside('shop', virtual, cluster)) } }),
        },
        {
          what: 'its host names',
          patch: { spec: { hostnames: ['b.example.com'] } },
          expect: { spec: { hostnames: ['b.example.com'] } },
        },
      ],
      stray: { spec: { hostnames: ['theirs.example.com'] } },
      fromHost: [
        {
          what: 'what its controller says',
          patch: ({ spec }) => ({
            status: {
              parents: [
                {
                  parentRef: { group: GROUP, kind: 'Gateway', name: spec.parentRefs[0].name },
                  controllerName: 'example.com/shown',
                  conditions: [
                    {
                      type: 'Accepted',
                      status: 'True',
                      reason: 'Accepted',
                      message: '',
                      lastTransitionTime: '2026-01-01T00:00:00Z',
                    },
                  ],
                },
              ],
            },
          }),
          subresource: 'status',
          expect: {
            status: {
              parents: [
                {
                  parentRef: { name: 'shown-0-edge' },
                  controllerName: 'example.com/shown',
                  conditions: [{ type: 'Accepted', status: 'True' }],
                },
              ],
            },
          },
        },
      ],
    });
  }

  describeKindToHost({
    name: 'BackendTLSPolicy',
    pair,
    object: (name, namespace) => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'BackendTLSPolicy',
      metadata: { name, namespace },
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: 'web' }],
        validation: { hostname: 'web.example.com', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
      },
    }),
    expectHost: (virtual, cluster) => ({
      spec: {
        targetRefs: [{ name: beside('web', virtual, cluster) }],
        validation: { hostname: 'web.example.com', caCertificateRefs: [{ name: beside('ca', virtual, cluster) }] },
      },
    }),
    updates: [
      {
        what: 'the name in the certificate',
        patch: { spec: { validation: { hostname: 'shop.example.com' } } },
        expect: { spec: { validation: { hostname: 'shop.example.com' } } },
      },
    ],
    stray: { spec: { validation: { hostname: 'theirs.example.com' } } },
  });

  describeKindToVirtual({
    name: 'GatewayClass',
    pair,
    object: (name) => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'GatewayClass',
      metadata: { name, labels: { shown: 'yes' } },
      spec: {
        controllerName: 'example.com/x',
        description: 'for tenants',
        parametersRef: { group: 'example.com', kind: 'Secretive', name: 'theirs' },
      },
    }),
    expectVirtual: { spec: { controllerName: 'example.com/x', description: 'for tenants' } },
    updates: [
      {
        what: 'its description',
        patch: { spec: { description: 'for all' } },
        expect: { spec: { description: 'for all' } },
      },
      {
        what: 'whether its controller takes it',
        patch: {
          status: {
            conditions: [
              {
                type: 'Accepted',
                status: 'True',
                reason: 'Accepted',
                message: '',
                lastTransitionTime: '2026-01-01T00:00:00Z',
              },
            ],
          },
        },
        subresource: 'status',
        expect: { status: { conditions: [{ type: 'Accepted', status: 'True' }] } },
      },
    ],
    stray: { spec: { description: 'ours' } },
    deselect: { metadata: { labels: { shown: null } } },
  });

  describe('what only the virtual cluster can decide', () => {
    const EDGE = 'gateway-edge';
    const SHOP = 'gateway-shop';
    const copyOf = ({ metadata, ...object }: TestObject): TestObject => ({
      ...object,
      metadata: {
        name: hostName(metadata.name ?? '', metadata.namespace ?? '', pair().name),
        namespace: pair().namespace,
      },
    });
    const route = (name: string, spec: object = {}): TestObject => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'HTTPRoute',
      metadata: { name, namespace: SHOP },
      spec: { parentRefs: [{ name: 'edge', namespace: EDGE }], ...spec },
    });

    beforeAll(async () => {
      for (const name of [EDGE, SHOP]) {
        await pair().virtual.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      }
      const teamA = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } };
      await pair().virtual.create(gateway('edge', EDGE, teamA));
    });

    it('a listener takes routes of the namespaces that it selects, and gives them up when the labels change', async () => {
      const created = await pair().virtual.create(route('guest'));
      await untilTold(pair(), created, 'NotAllowedByListeners');
      const parents = async () => (await pair().host.get(copyOf(created)))?.spec.parentRefs ?? [];
      const label = (team: string | null) =>
        pair().virtual.patch(
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP } },
          { metadata: { labels: { team } } },
        );
      await label('a');
      await eventually(async () => (await parents()).length === 1, { what: 'the route to be attached' });
      await label(null);
      await eventually(async () => (await parents()).length === 0, { what: 'the route to be given up' });
    });

    it('a route leads to another namespace as long as that grants it', async () => {
      const backendRefs = [{ name: 'ledger', namespace: EDGE, port: 80 }];
      const created = await pair().virtual.create(route('across', { rules: [{ backendRefs }] }));
      await untilTold(pair(), created, 'RefNotPermitted');
      const target = async () => (await pair().host.get(copyOf(created)))?.spec.rules[0].backendRefs[0].name;
      const there = hostName('ledger', EDGE, pair().name);
      expect(await target()).not.toBe(there);
      const grant = await pair().virtual.create({
        apiVersion: `${GROUP}/v1beta1`,
        kind: 'ReferenceGrant',
        metadata: { name: 'shop', namespace: EDGE },
        spec: {
          from: [{ group: GROUP, kind: 'HTTPRoute', namespace: SHOP }],
          to: [{ group: '', kind: 'Service', name: 'ledger' }],
        },
      });
      await eventually(async () => (await target()) === there, { what: 'the route to lead there' });
      await pair().virtual.delete(grant);
      await eventually(async () => (await target()) !== there, { what: 'the route to lead nowhere' });
    });
  });
});
