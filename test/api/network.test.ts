import { hostLabelKey, hostName, hostNamespaceLabelKey, LABELS } from '../../lib/contract';
import { untilTold } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import { usePair } from './support/use-pair';

const pair = usePair({
  spec: {
    isolation: { network: { enforce: false } },
    sync: {
      toHost: { ingresses: { enabled: true }, networkPolicies: { enabled: true } },
      fromHost: { ingressClasses: { selector: { matchLabels: { shown: 'yes' } } } },
    },
  },
  hostObjects: [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'network-shown', labels: { shown: 'yes' } },
      spec: { controller: 'example.com/shown' },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'network-hidden' },
      spec: { controller: 'example.com/hidden' },
    },
  ],
});

const rules = (service: string) => [
  {
    host: 'a.example.com',
    http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }] },
  },
];

describeKindToHost({
  name: 'Ingress',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace },
    spec: { ingressClassName: 'network-shown', rules: rules('web') },
  }),
  expectHost: ({ metadata }, { name }) => ({
    spec: { ingressClassName: 'network-shown', rules: rules(hostName('web', metadata.namespace ?? '', name)) },
  }),
  updates: [
    {
      what: 'where it leads',
      patch: { spec: { rules: rules('shop') } },
      expect: ({ metadata }, { name }) => ({
        spec: { rules: rules(hostName('shop', metadata.namespace ?? '', name)) },
      }),
    },
    {
      what: 'its certificate',
      patch: { spec: { tls: [{ hosts: ['a.example.com'], secretName: 'cert' }] } },
      expect: ({ metadata }, { name }) => ({
        spec: { tls: [{ hosts: ['a.example.com'], secretName: hostName('cert', metadata.namespace ?? '', name) }] },
      }),
    },
    {
      what: 'an annotation that may pass',
      patch: { metadata: { annotations: { 'nginx.ingress.kubernetes.io/auth-secret': 'users' } } },
      expect: ({ metadata }, { name }) => ({
        metadata: {
          annotations: { 'nginx.ingress.kubernetes.io/auth-secret': hostName('users', metadata.namespace ?? '', name) },
        },
      }),
    },
  ],
  stray: { spec: { rules: rules('theirs') } },
  fromHost: [
    {
      what: 'the addresses that serve it',
      patch: { status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } } },
      subresource: 'status',
      expect: { status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } } },
    },
  ],
});

describeKindToHost({
  name: 'NetworkPolicy',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }], ports: [{ port: 5432 }] }],
    },
  }),
  expectHost: ({ metadata }, { name }) => ({
    spec: {
      podSelector: {
        matchLabels: {
          [hostLabelKey('app', name)]: 'db',
          [LABELS.managedBy]: name,
          [LABELS.namespace]: metadata.namespace,
        },
      },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { [hostNamespaceLabelKey('team', name)]: 'a', [LABELS.managedBy]: name } } },
          ],
          ports: [{ port: 5432, protocol: 'TCP' }],
        },
      ],
    },
  }),
  updates: [
    {
      what: 'who may come, to everybody',
      patch: { spec: { ingress: [{}] } },
      expect: ({ spec }) => ({ spec: { ingress: spec.ingress, policyTypes: ['Ingress'] } }),
    },
    {
      what: 'its directions',
      patch: {
        spec: { policyTypes: ['Ingress', 'Egress'], egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }] },
      },
      expect: ({ spec }) => ({ spec: { policyTypes: spec.policyTypes, egress: spec.egress } }),
    },
  ],
  stray: { spec: { podSelector: null } },
});

describeKindToVirtual({
  name: 'IngressClass',
  pair,
  object: (name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, labels: { shown: 'yes' } },
    spec: { controller: 'example.com/x', parameters: { kind: 'Secretive', name: 'theirs', apiGroup: 'example.com' } },
  }),
  expectVirtual: { spec: { controller: 'example.com/x' } },
  updates: [
    {
      what: 'whether it is the default',
      patch: { metadata: { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'false' } } },
      expect: { metadata: { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'false' } } },
    },
  ],
  stray: { metadata: { annotations: { 'sublet.dev/imported-uid': 'other' } } },
  deselect: { metadata: { labels: { shown: null } } },
});

describe('an Ingress', () => {
  const ingress = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default' },
    spec: { rules: rules('web'), ...spec },
  });
  it('has its Secrets copied, which go again with it', async () => {
    const secret = await pair().virtual.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'network-cert', namespace: 'default' },
      stringData: { a: 'b' },
    });
    const copy = {
      ...secret,
      metadata: { name: hostName('network-cert', 'default', pair().name), namespace: pair().namespace },
    };
    const created = await pair().virtual.create(
      ingress('with-cert', { ingressClassName: 'network-shown', tls: [{ secretName: 'network-cert' }] }),
    );
    await pair().host.until(copy, 'to be copied', () => true);
    await pair().virtual.delete(created);
    await pair().host.untilGone(copy);
  });

  it('of a class that is not shown is refused, and comes once the class is shown', async () => {
    const created = await pair().virtual.create(ingress('hidden', { ingressClassName: 'network-hidden' }));
    await untilTold(pair(), created, 'FieldNotAllowed');
    const copy = {
      ...created,
      metadata: { name: hostName('hidden', 'default', pair().name), namespace: pair().namespace },
    };
    expect(await pair().host.get(copy)).toBeUndefined();
    const hidden = { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'network-hidden' } };
    await pair().host.patch(hidden, { metadata: { labels: { shown: 'yes' } } });
    await pair().host.until(copy, 'to be copied', () => true);
    await pair().host.patch(hidden, { metadata: { labels: { shown: null } } });
    await pair().virtual.delete(created);
  });
});
