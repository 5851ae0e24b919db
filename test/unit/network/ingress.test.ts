import type { IngressSpec } from 'kubernetes-types/networking/v1';
import type { SyncOptions } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import {
  type Ingress,
  ingressChanges,
  ingressReferences,
  ingressToVirtual,
  toHostIngress,
} from '../../../syncer/network/ingress';
import type { TrafficClass } from '../../../syncer/network/ingress-class';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const context = (sync: SyncOptions = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ sync, isolation: { level: 'off' } }),
});
const host = (name: string): string => `${name}-x-shop-x-my-vcluster`;

const ingress = (spec: IngressSpec, annotations: { readonly [key: string]: string } = {}): Ingress => ({
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', annotations },
  spec,
});

const CLASSES: readonly TrafficClass[] = [
  { metadata: { name: 'old', labels: { shown: 'yes' }, creationTimestamp: '2026-01-01T00:00:00Z' } },
  { metadata: { name: 'inner', creationTimestamp: '2026-01-02T00:00:00Z' } },
].map((one) => ({
  ...one,
  metadata: { ...one.metadata, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
}));

const translate = (v: Ingress, sync: SyncOptions = {}, classes: readonly TrafficClass[] = []) =>
  toHostIngress(v, context(sync), { ingressClasses: () => classes });

function translated(v: Ingress, sync: SyncOptions = {}, classes: readonly TrafficClass[] = []): Ingress {
  const translation = translate(v, sync, classes);
  if (translation.kind !== 'object') throw new Error(`not translated: ${JSON.stringify(translation)}`);
  return translation.object;
}

const path = (name: string, port: object = { number: 80 }) => ({
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name, port } },
});

describe('an Ingress on the host', () => {
  it('leads to the copies of the same Services, with copies of the same certificates', () => {
    const spec: IngressSpec = {
      ingressClassName: 'traefik',
      defaultBackend: { service: { name: 'fallback', port: { name: 'http' } } },
      rules: [
        { host: 'shop.example.com', http: { paths: [path('web'), { ...path('api'), pathType: 'Exact' }] } },
        { host: 'empty.example.com' },
      ],
      tls: [{ hosts: ['shop.example.com'], secretName: 'cert' }, { hosts: ['other.example.com'] }],
    };
    expect(translated(ingress(spec))).toMatchObject({
      metadata: { name: host('web'), namespace: 'vcluster-my-vcluster' },
      spec: {
        ingressClassName: 'traefik',
        defaultBackend: { service: { name: host('fallback'), port: { name: 'http' } } },
        rules: [
          {
            host: 'shop.example.com',
            http: { paths: [path(host('web')), { ...path(host('api')), pathType: 'Exact' }] },
          },
          { host: 'empty.example.com' },
        ],
        tls: [{ hosts: ['shop.example.com'], secretName: host('cert') }, { hosts: ['other.example.com'] }],
      },
    });
    expect(ingressReferences(ingress(spec), context()).map(({ name }) => name)).toEqual(['cert']);
  });

  it.each<[where: string, spec: IngressSpec]>([
    ['spec.defaultBackend.resource', { defaultBackend: { resource: { kind: 'Bucket', name: 'b' } } }],
    [
      'spec.rules[0].http.paths[1].backend.resource',
      {
        rules: [
          { http: { paths: [path('web'), { ...path(''), backend: { resource: { kind: 'Bucket', name: 'b' } } }] } },
        ],
      },
    ],
  ])('is refused for a backend that is no Service: %s', (field, spec) => {
    expect(translate(ingress(spec))).toMatchObject({ kind: 'refused', field, message: expect.stringContaining(field) });
  });

  it('changes only where it differs, and takes annotations away that named something', () => {
    const desired = translated(ingress({ rules: [{ http: { paths: [path('web')] } }] }));
    expect(ingressChanges(desired, desired)).toEqual([]);
    const stale = {
      ...desired,
      metadata: {
        ...desired.metadata,
        annotations: {
          ...desired.metadata.annotations,
          [`${NGINX}/auth-secret`]: 'x',
          'cert-manager.io/issuer': 'theirs',
        },
      },
      spec: { rules: [{ http: { paths: [path(host('web')), path('other')] } }] },
    };
    expect(ingressChanges(desired, stale)).toEqual([
      { kind: 'patch', patch: { spec: { rules: [{ http: { paths: [path(host('web'))] } }] } } },
      { kind: 'patch', patch: { metadata: { annotations: { [`${NGINX}/auth-secret`]: null } } } },
    ]);
  });

  it('shows the tenant under which addresses it is served, and when it no longer is', () => {
    const served = (ip?: string): Ingress => ({
      metadata: {},
      status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip, ports: [{ port: 80, protocol: 'TCP' }] }] } },
    });
    expect(ingressToVirtual(served('1.2.3.4'), served('1.2.3.4'))).toEqual([]);
    expect(ingressToVirtual(served('1.2.3.4'), served())).toEqual([
      { kind: 'patch', subresource: 'status', patch: { status: served('1.2.3.4').status } },
    ]);
    expect(ingressToVirtual(served(), served('1.2.3.4'))).toMatchObject([
      { patch: { status: { loadBalancer: { ingress: null } } } },
    ]);
  });
});

const NGINX = 'nginx.ingress.kubernetes.io';
const ALB = 'alb.ingress.kubernetes.io';

describe('the class of an Ingress', () => {
  const shown: SyncOptions = { fromHost: { ingressClasses: { selector: { matchLabels: { shown: 'yes' } } } } };
  const rules = [{ http: { paths: [path('web')] } }];

  it.each([
    ['passes as it is where classes are not shown', 'anything', {}, 'anything'],
    ['is the one that is named, where it is shown', 'old', shown, 'old'],
    ['is the default among those that are shown, where none is named', undefined, shown, 'old'],
    ['stays open where none is named and classes are not shown', undefined, {}, undefined],
  ])('%s', (_what, ingressClassName, sync, expected) => {
    const v = ingress({ rules, ...(ingressClassName !== undefined && { ingressClassName }) });
    expect(translated(v, sync, CLASSES).spec?.ingressClassName).toBe(expected);
  });

  it.each([
    ['one that is not shown', 'inner', CLASSES],
    ['one that does not exist', 'none', CLASSES],
    ['none, where no shown one is the default', undefined, []],
  ])('is refused: %s', (_what, ingressClassName, classes) => {
    const v = ingress({ rules, ...(ingressClassName !== undefined && { ingressClassName }) });
    const translation = translate(v, shown, classes);
    expect(translation).toMatchObject({ kind: 'refused', field: 'spec.ingressClassName' });
    expect(JSON.stringify(translation)).not.toContain('vcluster-my-vcluster');
  });

  it('may be named by the annotation of old, which is checked too', () => {
    const named = (name: string) => ingress({ rules }, { 'kubernetes.io/ingress.class': name });
    const { metadata, spec } = translated(named('old'), shown, CLASSES);
    expect(metadata.annotations?.['kubernetes.io/ingress.class']).toBe('old');
    expect(spec?.ingressClassName).toBeUndefined();
    expect(translate(named('inner'), shown, CLASSES)).toMatchObject({
      kind: 'refused',
      field: 'metadata.annotations[kubernetes.io/ingress.class]',
    });
  });
});

describe('the annotations of an Ingress', () => {
  const action = (service: string) =>
    JSON.stringify({
      type: 'forward',
      forwardConfig: { targetGroups: [{ serviceName: service, servicePort: 80, weight: 1 }] },
    });

  it.each([
    ['an ordinary one', `${NGINX}/rewrite-target`, '/$1', `${NGINX}/rewrite-target`, '/$1'],
    ['a Secret', `${NGINX}/auth-secret`, 'users', `${NGINX}/auth-secret`, host('users')],
    [
      'a Secret with its namespace',
      `${NGINX}/auth-tls-secret`,
      'shop/ca',
      `${NGINX}/auth-tls-secret`,
      `vcluster-my-vcluster/${host('ca')}`,
    ],
    [
      'a Secret for the backend',
      `${NGINX}/proxy-ssl-secret`,
      'shop/pair',
      `${NGINX}/proxy-ssl-secret`,
      `vcluster-my-vcluster/${host('pair')}`,
    ],
    ['a Service', `${NGINX}/default-backend`, 'errors', `${NGINX}/default-backend`, host('errors')],
    [
      'an action of AWS',
      `${ALB}/actions.split`,
      action('blue'),
      `${ALB}/actions.${host('split')}`,
      action(host('blue')),
    ],
    [
      'a redirect of AWS',
      `${ALB}/actions.away`,
      '{"type":"redirect","redirectConfig":{"host":"example.com","statusCode":"HTTP_302"}}',
      `${ALB}/actions.${host('away')}`,
      '{"type":"redirect","redirectConfig":{"host":"example.com","statusCode":"HTTP_302"}}',
    ],
    [
      'a condition of AWS',
      `${ALB}/conditions.split`,
      '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"A"}}]',
      `${ALB}/conditions.${host('split')}`,
      '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"A"}}]',
    ],
  ])('cross in the names of the host: %s', (_what, key, value, hostKey, hostValue) => {
    const translation = translate(ingress({}, { [key]: value }));
    expect(translation).toMatchObject({ kind: 'object', warnings: [] });
    const { annotations = {} } = translated(ingress({}, { [key]: value })).metadata;
    expect(annotations[hostKey]).toBe(hostValue);
    if (hostKey !== key) expect(annotations).not.toHaveProperty([key]);
  });

  it('let the Secrets that they name be copied', () => {
    const v = ingress(
      {},
      {
        [`${NGINX}/auth-secret`]: 'users',
        [`${NGINX}/auth-tls-secret`]: 'shop/ca',
        [`${NGINX}/proxy-ssl-secret`]: 'bank/key',
      },
    );
    expect(ingressReferences(v, context()).map(({ name }) => name)).toEqual(['users', 'ca']);
  });

  it.each([
    ['configuration of nginx', `${NGINX}/configuration-snippet`, 'lua_code {}'],
    ['configuration of the server', `${NGINX}/server-snippet`, 'location / {}'],
    ['requests of the controller itself', `${NGINX}/auth-url`, 'http://169.254.169.254'],
    ['names of others', `${NGINX}/server-alias`, 'bank.example.com'],
    ["the host's middlewares", 'traefik.ingress.kubernetes.io/router.middlewares', 'kube-system-auth@kubernetescrd'],
    ['a Secret of another namespace', `${NGINX}/auth-secret`, 'bank/users'],
    ['a Secret of a namespace of the host', `${NGINX}/auth-tls-secret`, 'kube-system/ca'],
    ['a target group of anybody', `${ALB}/actions.steal`, '{"type":"forward","targetGroupARN":"arn:aws:x"}'],
    ['an action that is none', `${ALB}/actions.bad`, '{'],
    ['conditions that are none', `${ALB}/conditions.bad`, '{"field":1}'],
    ["somebody else's load balancer", `${ALB}/group.name`, 'theirs'],
  ])('stay behind, and the tenant is told: %s', (_what, key, value) => {
    const translation = translate(ingress({}, { [key]: value }));
    if (translation.kind !== 'object') throw new Error('not translated');
    expect(Object.values(translation.object.metadata.annotations ?? {})).not.toContain(value);
    expect(translation.warnings).toEqual([
      { reason: 'AnnotationNotCopied', message: expect.stringContaining(`metadata.annotations[${key}]`) },
    ]);
  });

  it('are what the declaration says, but never configuration in the language of the controller', () => {
    const sync: SyncOptions = { annotations: { toHost: { ingresses: [`${NGINX}/*`, 'example.com/team'] } } };
    const v = ingress(
      {},
      {
        [`${NGINX}/auth-url`]: 'http://auth',
        [`${NGINX}/configuration-snippet`]: 'lua',
        [`${ALB}/target-type`]: 'ip',
        'example.com/team': 'a',
        'haproxy.org/backend-config-snippet': 'lua',
      },
    );
    const { annotations = {} } = translated(v, sync).metadata;
    expect(annotations).toMatchObject({ [`${NGINX}/auth-url`]: 'http://auth', 'example.com/team': 'a' });
    expect(Object.keys(annotations).join()).not.toMatch(/snippet|target-type/);
  });

  it('that mean nothing to an ingress controller stay behind in silence', () => {
    expect(translate(ingress({}, { 'example.com/note': 'x', 'cert-manager.io/issuer': 'mine' }))).toMatchObject({
      kind: 'object',
      warnings: [],
    });
  });
});
