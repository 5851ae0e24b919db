import type { VirtualClusterOptions } from '../../../lib/spec';
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
import type { BackendTlsPolicy, Gateway, Listener, ReferenceGrant } from '../../../syncer/network/gateway/types';
import { around, context, gateway, grant, host, MAPPED, NOWHERE, translated, type World } from './gateway-fixtures';

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
