import { ROUTE_KINDS, type RouteKind, routeChanges, routeToVirtual } from '../../../syncer/network/gateway/route';
import type { Listener, Route, RouteRule } from '../../../syncer/network/gateway/types';
import { around, context, gateway, grant, host, MAPPED, NOWHERE, route, toHost, type World } from './gateway-fixtures';

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
