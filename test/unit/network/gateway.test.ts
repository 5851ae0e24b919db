import type { VirtualClusterOptions } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import {
  backendTlsPolicyReferences,
  backendTlsPolicyToVirtual,
  toHostBackendTlsPolicy,
} from '../../../syncer/network/gateway/backend-tls-policy';
import {
  gatewayChanges,
  gatewayReferences,
  gatewayToVirtual,
  toHostGateway,
} from '../../../syncer/network/gateway/gateway';
import { toHostReferenceGrant } from '../../../syncer/network/gateway/reference-grant';
import {
  ROUTE_KINDS,
  type RouteKind,
  routeChanges,
  routeToVirtual,
  toHostRoute,
} from '../../../syncer/network/gateway/route';
import type {
  BackendTlsPolicy,
  Gateway,
  Listener,
  ReferenceGrant,
  Route,
  RouteRule,
} from '../../../syncer/network/gateway/types';
import type { TrafficClass } from '../../../syncer/network/ingress-class';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const NAMESPACES: { readonly [name: string]: { readonly [key: string]: string } } = {
  shop: { team: 'a' },
  bank: { team: 'b' },
  infra: {},
};
const MAPPED: VirtualClusterOptions = { namespaces: { mode: 'mapped', mappings: [{ virtual: '*', host: 'mine-*' }] } };

const context = (options: VirtualClusterOptions = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ isolation: { level: 'off' }, ...options }),
  labelsOfNamespace: (name) => NAMESPACES[name] ?? {},
});

interface World {
  readonly gateways?: readonly Gateway[];
  readonly grants?: readonly ReferenceGrant[];
  readonly classes?: readonly TrafficClass[];
}

const around = ({ gateways = [], grants = [], classes = [] }: World = {}) => ({
  gatewayClass: (name: string) => classes.find(({ metadata }) => metadata.name === name),
  gateway: (namespace: string, name: string) =>
    gateways.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  grants: (namespace: string) => grants.filter(({ metadata }) => metadata.namespace === namespace),
  namespaces: () => Object.entries(NAMESPACES).map(([name, labels]) => ({ name, labels })),
  gateways: () => gateways.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' })),
});

const gateway = (listeners: readonly Partial<Listener>[], namespace = 'infra', more: object = {}): Gateway => ({
  metadata: { name: 'edge', namespace, uid: 'g1', generation: 3 },
  spec: {
    gatewayClassName: 'traefik',
    listeners: listeners.map((one, index) => ({ name: `l${index}`, port: 80, protocol: 'HTTP', ...one })),
    ...more,
  },
});

const route = (spec: Route['spec'] = {}, status?: Route['status']): Route => ({
  metadata: { name: 'web', namespace: 'shop', uid: 'r1', generation: 5 },
  spec,
  ...(status && { status }),
});

const grant = (namespace: string, kind: string, to: object): ReferenceGrant => ({
  metadata: { name: 'g', namespace },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind, namespace: 'shop' }],
    to: [{ group: '', kind: 'Service', ...to }],
  },
});

const host = (name: string, namespace = 'shop'): string => `${name}-x-${namespace}-x-my-vcluster`;
const NOWHERE = 'nowhere-x-my-vcluster';

function translated<T>(translation: {
  readonly kind: string;
  readonly object?: T;
  readonly warnings?: readonly object[];
}) {
  if (translation.object === undefined) throw new Error(`not translated: ${JSON.stringify(translation)}`);
  return { object: translation.object, warnings: translation.warnings ?? [] };
}

const toHost = (v: Route, world: World = {}, of: RouteKind = ROUTE_KINDS.http, options: VirtualClusterOptions = {}) =>
  translated(toHostRoute(v, of, context(options), around(world)));

describe('a Gateway on the host', () => {
  it('listens where the virtual one does, with copies of its certificates', () => {
    const v = gateway([
      {
        hostname: '*.example.com',
        protocol: 'HTTPS',
        port: 443,
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'cert' }] },
      },
    ]);
    const { object, warnings } = translated(toHostGateway(v, context(), around()));
    expect(object).toMatchObject({
      metadata: { name: host('edge', 'infra'), namespace: 'vcluster-my-vcluster' },
      spec: {
        gatewayClassName: 'traefik',
        listeners: [
          {
            name: 'l0',
            hostname: '*.example.com',
            port: 443,
            protocol: 'HTTPS',
            tls: { mode: 'Terminate', certificateRefs: [{ name: host('cert', 'infra') }] },
            allowedRoutes: { namespaces: { from: 'Same' } },
          },
        ],
      },
    });
    expect(warnings).toEqual([]);
    expect(gatewayReferences(v)).toMatchObject([{ name: 'cert' }]);
  });

  it('gets a certificate of another namespace only where that grants it', () => {
    const v = gateway([{ tls: { certificateRefs: [{ name: 'cert', namespace: 'bank' }] } }], 'shop');
    const granting: ReferenceGrant = {
      metadata: { name: 'g', namespace: 'bank' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'shop' }],
        to: [{ group: '', kind: 'Secret', name: 'cert' }],
      },
    };
    const refOf = (world: World) => translated(toHostGateway(v, context(), around(world)));
    expect(refOf({ grants: [granting] }).object.spec?.listeners?.[0]?.tls?.certificateRefs).toEqual([
      { name: host('cert', 'bank') },
    ]);
    const denied = refOf({});
    expect(denied.object.spec?.listeners?.[0]?.tls?.certificateRefs).toMatchObject([{ name: NOWHERE }]);
    expect(denied.warnings).toMatchObject([{ reason: 'RefNotPermitted' }]);
    expect(gatewayReferences(v)).toMatchObject([{ name: 'cert', namespace: 'bank' }]);
  });

  it.each([
    ['a class that is not shown', [{ metadata: { name: 'traefik' } }]],
    ['a class that does not exist', []],
  ])('is refused for %s', (_what, classes) => {
    const options: VirtualClusterOptions = {
      sync: { fromHost: { gatewayClasses: { selector: { matchLabels: { shown: 'yes' } } } } },
    };
    expect(toHostGateway(gateway([]), context(options), around({ classes }))).toMatchObject({
      kind: 'refused',
      field: 'spec.gatewayClassName',
    });
    const shown = [{ metadata: { name: 'traefik', labels: { shown: 'yes' } } }];
    expect(toHostGateway(gateway([]), context(options), around({ classes: shown })).kind).toBe('object');
  });

  it.each([
    ['spec.addresses', { addresses: [{ value: '1.2.3.4' }] }],
    ['spec.infrastructure', { infrastructure: { annotations: { a: 'b' } } }],
  ])('leaves behind what the host decides, and tells so: %s', (field, more) => {
    const { object, warnings } = translated(toHostGateway(gateway([], 'infra', more), context(), around()));
    expect(Object.keys(object.spec ?? {})).toEqual(['gatewayClassName', 'listeners']);
    expect(warnings).toEqual([{ reason: 'FieldNotCopied', message: expect.stringContaining(field) }]);
  });

  it.each<[from: string, allowed: Listener['allowedRoutes'], expected: object]>([
    ['none is said', undefined, { from: 'Same' }],
    ['all', { namespaces: { from: 'All' } }, ['mine-bank', 'mine-infra', 'mine-shop']],
    ['some by label', { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } }, ['mine-shop']],
  ])(
    'takes routes of other host namespaces where the virtual listener takes them: %s',
    (_from, allowedRoutes, expected) => {
      const v = gateway([allowedRoutes === undefined ? {} : { allowedRoutes }]);
      const { object } = translated(toHostGateway(v, context(MAPPED), around()));
      const namespaces = Array.isArray(expected)
        ? {
            from: 'Selector',
            selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: expected }] },
          }
        : expected;
      expect(object.spec?.listeners?.[0]?.allowedRoutes?.namespaces).toEqual(namespaces);
    },
  );

  it('shows the tenant what the controller says, in the names of the tenant', () => {
    const v = gateway([{}]);
    const { object } = translated(toHostGateway(v, context(), around()));
    const condition = {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const onHost: Gateway = {
      ...object,
      metadata: { ...object.metadata, generation: 7 },
      status: {
        addresses: [{ type: 'IPAddress', value: '1.2.3.4' }],
        conditions: [
          { ...condition, observedGeneration: 7, message: `vcluster-my-vcluster/${host('edge', 'infra')} is up` },
        ],
        listeners: [
          {
            name: 'l0',
            attachedRoutes: 1,
            supportedKinds: [],
            conditions: [{ ...condition, observedGeneration: 6, message: '' }],
          },
        ],
      },
    };
    const [change] = gatewayToVirtual(onHost, v, context(), around());
    const status = {
      addresses: [{ type: 'IPAddress', value: '1.2.3.4' }],
      conditions: [{ ...condition, observedGeneration: 3, message: 'infra/edge is up' }],
      listeners: [
        {
          name: 'l0',
          attachedRoutes: 1,
          supportedKinds: [],
          conditions: [{ ...condition, observedGeneration: 2, message: '' }],
        },
      ],
    };
    expect(change).toEqual({ kind: 'patch', subresource: 'status', patch: { status } });
    expect(gatewayToVirtual(onHost, { ...v, status }, context(), around())).toEqual([]);
    expect(gatewayChanges(object, onHost)).toEqual([]);
  });
});

describe('the parents of a route', () => {
  const parentsOf = (v: Route, world: World) => toHost(v, world).object.spec?.parentRefs;
  const to = (ref: object = {}) => route({ parentRefs: [{ name: 'edge', namespace: 'infra', ...ref }] });
  const all = { allowedRoutes: { namespaces: { from: 'All' } } };
  const teamA = { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } } };
  const teamB = { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'b' } } } } };
  const EDGE = host('edge', 'infra');

  it.each<[what: string, listeners: readonly Partial<Listener>[], ref: object, expected: readonly object[]]>([
    ['a Gateway that takes routes of all namespaces', [all], {}, [{ name: EDGE }]],
    ['a Gateway that takes those of its label', [teamA], {}, [{ name: EDGE }]],
    [
      'the listener that it names',
      [all, teamB],
      { sectionName: 'l0', port: 80 },
      [{ name: EDGE, sectionName: 'l0', port: 80 }],
    ],
    [
      'those listeners that take it, one by one',
      [{}, all, teamA, teamB],
      {},
      [
        { name: EDGE, sectionName: 'l1' },
        { name: EDGE, sectionName: 'l2' },
      ],
    ],
  ])('are on the host: %s', (_what, listeners, ref, expected) => {
    const { object, warnings } = toHost(to(ref), { gateways: [gateway(listeners)] });
    expect(object.spec?.parentRefs).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it.each<[what: string, listeners: readonly Partial<Listener>[], ref: object, reason: string]>([
    ['takes routes of its own namespace only', [{}], {}, 'NotAllowedByListeners'],
    ['takes those of another label', [teamB], {}, 'NotAllowedByListeners'],
    ['takes none on the listener that is named', [all, teamB], { sectionName: 'l1' }, 'NotAllowedByListeners'],
    ['is none', [all], { kind: 'ListenerSet' }, 'UnsupportedReference'],
  ])('stay behind, and the tenant is told, where the Gateway %s', (_what, listeners, ref, reason) => {
    const { object, warnings } = toHost(to(ref), { gateways: [gateway(listeners)] });
    expect(object.spec?.parentRefs).toEqual([]);
    expect(warnings).toEqual([{ reason, message: expect.stringContaining('spec.parentRefs[0]') }]);
  });

  it('wait for a Gateway that does not exist yet', () => {
    expect(parentsOf(to(), {})).toEqual([]);
    expect(parentsOf(route({ parentRefs: [{ name: 'edge' }] }), { gateways: [gateway([{}], 'shop')] })).toEqual([
      { name: host('edge') },
    ]);
  });

  it('name their host namespace where that is another', () => {
    const { object } = toHost(to(), { gateways: [gateway([all])] }, ROUTE_KINDS.http, MAPPED);
    expect(object.spec?.parentRefs).toEqual([{ name: 'edge', namespace: 'mine-infra' }]);
  });
});

describe('the rules of a route', () => {
  const rule = (one: RouteRule, world: World = {}, of: RouteKind = ROUTE_KINDS.http) => {
    const { object, warnings } = toHost(route({ rules: [one] }), world, of);
    return { rule: object.spec?.rules?.[0], warnings };
  };

  it.each<[kind: string, of: RouteKind, virtual: RouteRule, onHost: RouteRule]>([
    [
      'HTTPRoute',
      ROUTE_KINDS.http,
      {
        name: 'main',
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        filters: [
          { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } },
          { type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', port: 80 }, percent: 10 } },
        ],
        backendRefs: [
          { name: 'web', port: 80, weight: 2, filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'x' } }] },
        ],
        timeouts: { request: '10s' },
      },
      {
        name: 'main',
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        filters: [
          { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } },
          { type: 'RequestMirror', requestMirror: { backendRef: { name: host('shadow'), port: 80 }, percent: 10 } },
        ],
        backendRefs: [
          { name: host('web'), port: 80, weight: 2, filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'x' } }] },
        ],
        timeouts: { request: '10s' },
      },
    ],
    [
      'GRPCRoute',
      ROUTE_KINDS.grpc,
      {
        matches: [{ method: { service: 'a.B' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 80 }],
      },
      {
        matches: [{ method: { service: 'a.B' } }],
        backendRefs: [{ group: '', kind: 'Service', name: host('web'), port: 80 }],
      },
    ],
    [
      'TLSRoute',
      ROUTE_KINDS.tls,
      { backendRefs: [{ name: 'web', port: 443 }], unknown: 1 },
      { backendRefs: [{ name: host('web'), port: 443 }] },
    ],
  ])('lead to the copies of the same Services: %s', (_kind, of, virtual, onHost) => {
    expect(rule(virtual, {}, of)).toEqual({ rule: onHost, warnings: [] });
  });

  it('lead to another namespace only where that grants it', () => {
    const leading = { backendRefs: [{ name: 'ledger', namespace: 'bank', port: 80, weight: 1 }] };
    const granted = [grant('bank', 'HTTPRoute', { name: 'ledger' })];
    expect(rule(leading, { grants: granted }).rule?.backendRefs).toEqual([
      { name: host('ledger', 'bank'), port: 80, weight: 1 },
    ]);
    for (const grants of [
      [],
      [grant('bank', 'GRPCRoute', {})],
      [grant('bank', 'HTTPRoute', { name: 'other' })],
      [grant('infra', 'HTTPRoute', {})],
    ]) {
      const { rule: denied, warnings } = rule(leading, { grants });
      expect(denied?.backendRefs).toMatchObject([{ name: NOWHERE, port: 80, weight: 1 }]);
      expect(warnings).toMatchObject([
        { reason: 'RefNotPermitted', message: expect.stringContaining('spec.rules[0].backendRefs[0]') },
      ]);
    }
  });

  it('do not lead to what is no Service', () => {
    const { rule: denied, warnings } = rule({ backendRefs: [{ group: 'example.com', kind: 'Bucket', name: 'b' }] });
    expect(denied?.backendRefs).toMatchObject([{ kind: 'Service', name: NOWHERE }]);
    expect(warnings).toMatchObject([{ reason: 'UnsupportedReference' }]);
  });

  it.each(['ExtensionRef', 'ExternalAuth', 'SomethingNew'])(
    'fail for a filter that cannot cross instead of going without it: %s',
    (type) => {
      const { rule: blocked, warnings } = rule({
        matches: [{ path: { value: '/admin' } }],
        filters: [{ type, extensionRef: { group: 'x', kind: 'Auth', name: 'a' } }],
        backendRefs: [{ name: 'admin', port: 80 }],
      });
      expect(blocked).toEqual({
        matches: [{ path: { value: '/admin' } }],
        backendRefs: [{ group: '', kind: 'Service', port: 1, name: NOWHERE }],
      });
      expect(warnings).toEqual([
        { reason: 'UnsupportedReference', message: expect.stringContaining('spec.rules[0].filters[0].type') },
      ]);
    },
  );

  it('are written only when they differ, defaults of the API aside', () => {
    const { object } = toHost(
      route({ parentRefs: [], hostnames: ['a.example.com'], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] }),
    );
    const stored: Route = {
      ...object,
      spec: {
        hostnames: ['a.example.com'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: host('web'), port: 80, weight: 1 }],
          },
        ],
      },
    };
    expect(routeChanges(object, stored)).toEqual([]);
    const elsewhere = { ...stored, spec: { ...stored.spec, hostnames: ['b.example.com'] } };
    expect(routeChanges(object, elsewhere)).toEqual([
      { kind: 'patch', patch: { spec: { hostnames: ['a.example.com'] } } },
    ]);
  });
});

describe('the status of a route', () => {
  const all = { allowedRoutes: { namespaces: { from: 'All' } } };
  const accepted = (status: string) => ({
    type: 'Accepted',
    status,
    reason: 'Accepted',
    lastTransitionTime: 't',
    observedGeneration: 9,
  });
  const back = (v: Route, parents: NonNullable<Route['status']>['parents'], world: World) => {
    const onHost: Route = {
      metadata: { name: host('web'), namespace: 'vcluster-my-vcluster', generation: 9 },
      ...(parents && { status: { parents } }),
    };
    return routeToVirtual(onHost, v, ROUTE_KINDS.http, context(), around(world));
  };
  const edge = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: host('edge', 'infra') };

  it('names the parent as the tenant did, and is said once where it became several', () => {
    const v = route({ parentRefs: [{ name: 'edge', namespace: 'infra' }] });
    const said = ['l1', 'l2'].map((sectionName, index) => ({
      parentRef: { ...edge, sectionName },
      controllerName: 'traefik.io/gateway-controller',
      conditions: [
        { ...accepted(index === 1 ? 'True' : 'False'), message: `route ${host('web')} of ${host('edge', 'infra')}` },
      ],
    }));
    const expected = {
      parentRef: { name: 'edge', namespace: 'infra' },
      controllerName: 'traefik.io/gateway-controller',
      conditions: [{ ...accepted('True'), observedGeneration: 5, message: 'route web of edge' }],
    };
    const world = { gateways: [gateway([{}, all, all])] };
    expect(back(v, said, world)).toEqual([
      { kind: 'patch', subresource: 'status', patch: { status: { parents: [expected] } } },
    ]);
    expect(back({ ...v, status: { parents: [expected] } }, said, world)).toEqual([]);
    expect(back({ ...v, status: { parents: [expected] } }, undefined, world)).toMatchObject([
      { patch: { status: { parents: [] } } },
    ]);
  });

  it('says why a reference does not resolve, where the host only knows that there is nothing', () => {
    const v = route({
      parentRefs: [{ name: 'edge', namespace: 'infra' }],
      rules: [{ backendRefs: [{ name: 'ledger', namespace: 'bank', port: 80 }] }],
    });
    const resolved = {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
      message: `no ${NOWHERE}`,
      lastTransitionTime: 't',
    };
    const [change] = back(v, [{ parentRef: edge, controllerName: 'c', conditions: [resolved] }], {
      gateways: [gateway([all])],
    });
    expect(change).toMatchObject({
      patch: {
        status: { parents: [{ conditions: [{ type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' }] }] },
      },
    });
    expect(JSON.stringify(change)).not.toMatch(/my-vcluster/);
  });

  it('leaves out parents that are none of this route', () => {
    expect(back(route(), [{ parentRef: { name: 'theirs' }, controllerName: 'c' }], {})).toEqual([]);
  });
});

describe('a BackendTLSPolicy', () => {
  const v: BackendTlsPolicy = {
    metadata: { name: 'tls', namespace: 'shop', uid: 'p1', generation: 1 },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'web', sectionName: 'https' }],
      validation: { hostname: 'web.shop', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
      options: { 'example.com/x': 'y' },
    },
  };

  it('is about the copies of the same Services and authorities', () => {
    expect(translated(toHostBackendTlsPolicy(v, context(), around())).object.spec).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: host('web'), sectionName: 'https' }],
      validation: { hostname: 'web.shop', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: host('ca') }] },
    });
    expect(backendTlsPolicyReferences(v)).toMatchObject([{ name: 'ca' }]);
  });

  it("shows what is said about the tenant's Gateways, and nothing about others", () => {
    const said = (name: string) => ({ ancestorRef: { name }, controllerName: 'c', conditions: [] });
    const onHost: BackendTlsPolicy = {
      metadata: {},
      status: { ancestors: [said(host('edge', 'infra')), said('theirs')] },
    };
    const world = around({ gateways: [gateway([{}])] });
    expect(backendTlsPolicyToVirtual(onHost, v, context(), world)).toMatchObject([
      {
        patch: { status: { ancestors: [{ ancestorRef: { name: 'edge', namespace: 'infra' }, controllerName: 'c' }] } },
      },
    ]);
  });
});

describe('a ReferenceGrant', () => {
  const v = grant('bank', 'HTTPRoute', { name: 'ledger' });

  it('stays in the virtual cluster while all lies in one host namespace', () => {
    expect(toHostReferenceGrant(v, context())).toMatchObject({ kind: 'skip' });
  });

  it('is about the host namespaces where there are several', () => {
    expect(translated(toHostReferenceGrant(v, context(MAPPED))).object).toMatchObject({
      metadata: { namespace: 'mine-bank' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'mine-shop' }],
        to: [{ group: '', kind: 'Service', name: 'ledger' }],
      },
    });
  });
});
