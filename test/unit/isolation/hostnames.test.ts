import type { IngressSpec } from 'kubernetes-types/networking/v1';
import type { HostnameIsolation } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import { toHostGateway } from '../../../syncer/network/gateway/gateway';
import { ROUTE_KINDS, toHostRoute } from '../../../syncer/network/gateway/route';
import type { GatewaySurroundings } from '../../../syncer/network/gateway/surroundings';
import type { Listener } from '../../../syncer/network/gateway/types';
import { type ClaimState, isAllowedHostname, overlaps, wildcardsAbove } from '../../../syncer/network/hostnames';
import { toHostIngress } from '../../../syncer/network/ingress';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const context = (hostnames: HostnameIsolation = {}, passing: readonly string[] = []): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({
    isolation: { hostnames, classes: { ingress: { default: 'public' }, gateway: ['public'] } },
    ...(passing.length > 0 && { sync: { annotations: { toHost: { ingresses: [...passing] } } } }),
  }),
});

const backend = { service: { name: 'web', port: { number: 80 } } };
const rule = (host?: string) => ({ ...(host && { host }), http: { paths: [{ pathType: 'Prefix', backend }] } });

const ingress = (
  spec: IngressSpec,
  ctx: ClusterContext,
  annotations: { readonly [key: string]: string } = {},
  claimant?: (hostname: string) => ClaimState,
) =>
  toHostIngress({ metadata: { name: 'web', namespace: 'shop', uid: 'u1', annotations }, spec }, ctx, {
    ingressClasses: () => [],
    ...(claimant && { claimant }),
  });

const OURS = { allowed: ['*.team-a.example.com', 'shop.example.com'] };

describe('whether a host name is allowed', () => {
  it.each([
    ['a.team-a.example.com', true],
    ['a.b.team-a.example.com', true],
    ['*.team-a.example.com', true],
    ['*.b.team-a.example.com', true],
    ['A.Team-A.Example.com.', true],
    ['shop.example.com', true],
    ['team-a.example.com', false],
    ['x-team-a.example.com', false],
    ['*.example.com', false],
    ['*.shop.example.com', false],
    ['a.team-a.example.com.evil.test', false],
    ['*', false],
    ['', false],
  ])('%s: %s', (hostname, allowed) => expect(isAllowedHostname(OURS.allowed, hostname)).toBe(allowed));
});

describe('whether two host names overlap', () => {
  it.each([
    ['a.example.com', 'a.example.com', true],
    ['a.example.com', 'b.example.com', false],
    ['a.example.com', '*.example.com', true],
    ['a.b.example.com', '*.example.com', true],
    ['*.b.example.com', '*.example.com', true],
    ['example.com', '*.example.com', false],
    ['*.a.example.com', '*.b.example.com', false],
    ['*', '*', true],
    ['*', 'a.example.com', false],
    ['*', '*.example.com', false],
  ])('%s and %s: %s', (a, b, overlap) => {
    expect(overlaps(a, b)).toBe(overlap);
    expect(overlaps(b, a)).toBe(overlap);
    const looked = [a, ...wildcardsAbove(a)].includes(b) || [b, ...wildcardsAbove(b)].includes(a);
    expect(looked).toBe(overlap);
  });
});

describe('an Ingress', () => {
  it.each<[what: string, rule: string, field: string, spec: IngressSpec, options: HostnameIsolation]>([
    ['a rule without a host', 'catchAll', 'spec.rules[0].host', { rules: [rule()] }, {}],
    ['a rule without a host, with a list', 'catchAll', 'spec.rules[0].host', { rules: [rule()] }, OURS],
    ['a default backend', 'catchAll', 'spec.defaultBackend', { defaultBackend: backend }, {}],
    ['a wildcard', 'allowed', 'spec.rules[0].host', { rules: [rule('*.example.com')] }, {}],
    [
      "somebody else's name",
      'allowed',
      'spec.rules[1].host',
      { rules: [rule('shop.example.com'), rule('b.test')] },
      OURS,
    ],
    ["somebody else's wildcard", 'allowed', 'spec.rules[0].host', { rules: [rule('*.example.com')] }, OURS],
    [
      "a certificate for somebody else's name",
      'allowed',
      'spec.tls[0].hosts[1]',
      { rules: [rule('shop.example.com')], tls: [{ hosts: ['shop.example.com', 'b.test'], secretName: 'cert' }] },
      OURS,
    ],
  ])('is refused with %s', (_, by, field, spec, options) => {
    expect(ingress(spec, context(options))).toMatchObject({
      kind: 'refused',
      field,
      message: expect.stringContaining(`Isolation "hostnames.${by}": ${field}: `),
    });
  });

  it.each<[what: string, spec: IngressSpec, options: HostnameIsolation]>([
    ['any name', { rules: [rule('a.example.com')] }, {}],
    ['a name of the list', { rules: [rule('x.team-a.example.com')] }, OURS],
    ['a wildcard of the list', { rules: [rule('*.team-a.example.com')] }, OURS],
    ['a catch-all that is allowed', { rules: [rule()], defaultBackend: backend }, { catchAll: true }],
  ])('is copied with %s', (_, spec, options) => {
    expect(ingress(spec, context(options)).kind).toBe('object');
  });

  it.each([
    ['alb.ingress.kubernetes.io/conditions.web', '[{"field":"host-header","hostHeaderConfig":{"values":["b.test"]}}]'],
    ['alb.ingress.kubernetes.io/conditions.web', '[{"field":"host-header","hostHeaderConfig":{"regexValues":["."]}}]'],
    ['nginx.ingress.kubernetes.io/server-alias', 'x.team-a.example.com, b.test'],
    ['nginx.ingress.kubernetes.io/from-to-www-redirect', 'true'],
    ['external-dns.alpha.kubernetes.io/hostname', 'b.test'],
  ])('is refused where %s adds a name that is not allowed', (key, value) => {
    const spec = { rules: [rule('shop.example.com')] };
    expect(ingress(spec, context(OURS, [key]), { [key]: value })).toMatchObject({
      kind: 'refused',
      field: `metadata.annotations[${key}]`,
    });
    expect(ingress(spec, context(OURS, ['example.com/other']), { [key]: value }).kind).toBe('object');
  });
});

describe('an Ingress whose names are claimed', () => {
  const states: { readonly [hostname: string]: ClaimState } = { 'taken.test': 'taken', 'new.test': 'pending' };
  const spec = (...hosts: readonly string[]) => ({ rules: hosts.map(rule) });
  const translated = (...hosts: readonly string[]) =>
    ingress(spec(...hosts), context({ claims: { namespace: 'claims' } }), {}, (name) => states[name] ?? 'ours');

  it('is copied once all are ours', () => expect(translated('a.test', 'b.test').kind).toBe('object'));
  it('waits while one is being claimed', () => expect(translated('a.test', 'new.test').kind).toBe('wait'));
  it('is refused when another cluster has one', () => {
    expect(translated('new.test', 'taken.test')).toMatchObject({
      kind: 'refused',
      reason: 'HostnameTaken',
      message: 'Isolation "hostnames.claims": spec.rules[1].host: "taken.test" is served by somebody else',
    });
  });
});

describe('the class of an Ingress', () => {
  const LEGACY = 'kubernetes.io/ingress.class';
  const classOf = (spec: IngressSpec, annotations = {}, options = {}) =>
    ingress({ ...spec, rules: [rule('a.test')] }, { ...ARTICLE, sections: sectionsOf(options) }, annotations);
  const offered = (ingressClasses: object) => ({ isolation: { classes: { ingress: ingressClasses } } });

  it.each([
    ['absent', {}, {}, 'spec.ingressClassName'],
    ['named', { ingressClassName: 'nginx' }, {}, 'spec.ingressClassName'],
    ['empty', { ingressClassName: '' }, {}, 'spec.ingressClassName'],
    ['in the old annotation', {}, { [LEGACY]: 'nginx' }, `metadata.annotations[${LEGACY}]`],
  ])('is refused where none is offered and it is %s', (_, spec, annotations, field) => {
    expect(classOf(spec, annotations)).toMatchObject({
      kind: 'refused',
      field,
      message: expect.stringContaining(`Isolation "classes.ingress": ${field}: `),
    });
  });

  it('is one of those that are offered, or their default', () => {
    expect(classOf({ ingressClassName: 'a' }, {}, offered({ allowed: ['a'], default: 'b' }))).toMatchObject({
      object: { spec: { ingressClassName: 'a' } },
    });
    expect(classOf({}, {}, offered({ default: 'b' }))).toMatchObject({ object: { spec: { ingressClassName: 'b' } } });
    expect(classOf({ ingressClassName: 'c' }, {}, offered({ allowed: ['a'] })).kind).toBe('refused');
    expect(classOf({}, { [LEGACY]: 'c' }, offered({ allowed: ['a'] })).kind).toBe('refused');
  });

  it("is the host's business where nothing is isolated", () => {
    expect(classOf({}, {}, { isolation: { level: 'off' } }).kind).toBe('object');
  });
});

describe('a Gateway and its routes', () => {
  const metadata = { name: 'web', namespace: 'shop', uid: 'u1' };
  const gatewayOf = (listener: Partial<Listener>, gatewayClassName = 'public') => ({
    metadata,
    spec: { gatewayClassName, listeners: [{ name: 'web', port: 80, protocol: 'HTTP', ...listener }] },
  });
  const surroundings = (listener: Partial<Listener> = {}): GatewaySurroundings => ({
    gatewayClass: () => undefined,
    gateway: () => gatewayOf(listener),
    grants: () => [],
    namespaces: () => [],
  });
  const gateway = (listener: Partial<Listener>, options: HostnameIsolation, gatewayClassName = 'public') =>
    toHostGateway(gatewayOf(listener, gatewayClassName), context(options), surroundings());
  const route = (hostnames: readonly string[], options: HostnameIsolation, listener: Partial<Listener> = {}) =>
    toHostRoute(
      { metadata, spec: { hostnames, parentRefs: [{ name: 'web' }] } },
      ROUTE_KINDS.http,
      context(options),
      surroundings(listener),
    );

  it.each<[what: string, options: HostnameIsolation, listener: Partial<Listener>]>([
    ['no host name', {}, {}],
    ['no host name, with a list', OURS, {}],
    ['a host name of the list', OURS, { hostname: 'shop.example.com' }],
    ['a wildcard', {}, { hostname: '*.example.com' }],
  ])('may listen with %s', (_, options, listener) => expect(gateway(listener, options).kind).toBe('object'));

  it('may listen for names of the list only', () => {
    expect(gateway({ hostname: 'b.test' }, OURS)).toMatchObject({
      kind: 'refused',
      field: 'spec.listeners[0].hostname',
    });
  });

  it.each<
    [what: string, field: string, hostnames: readonly string[], options: HostnameIsolation, listener: Partial<Listener>]
  >([
    ["somebody else's name", 'spec.hostnames[1]', ['shop.example.com', 'b.test'], OURS, {}],
    ['a wildcard', 'spec.hostnames[0]', ['*.example.com'], {}, {}],
    ['no name, on a listener without one', 'spec.hostnames', [], {}, {}],
    ['no name, on a listener without one, with a list', 'spec.hostnames', [], OURS, {}],
    ['no name, on a listener with a wildcard', 'spec.hostnames', [], {}, { hostname: '*.example.com' }],
  ])('may not route %s', (_, field, hostnames, options, listener) => {
    expect(route(hostnames, options, listener)).toMatchObject({ kind: 'refused', field });
  });

  it.each<[what: string, hostnames: readonly string[], options: HostnameIsolation, listener: Partial<Listener>]>([
    ['any name', ['a.test'], {}, {}],
    ['a name of the list', ['shop.example.com', '*.team-a.example.com'], OURS, {}],
    ['no name, on a listener with one of the list', [], OURS, { hostname: 'shop.example.com' }],
    ['no name, where that is allowed', [], { catchAll: true }, {}],
  ])('may route %s', (_, hostnames, options, listener) => {
    expect(route(hostnames, options, listener).kind).toBe('object');
  });

  it('are refused with a class that is not offered', () => {
    expect(gateway({}, {}, 'other')).toMatchObject({
      kind: 'refused',
      message: 'Isolation "classes.gateway": spec.gatewayClassName: the class "other" can\'t be used here',
    });
  });
});
