import { LABELS } from '../../lib/contract';
import type { ExpectedChange } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import type { TestObject } from './support/api';
import type { Pair } from './support/pair';
import { usePair } from './support/use-pair';

const pair = usePair();

const service =
  (spec: object) =>
  (name: string, namespace: string): TestObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { app: 'web' }, annotations: { 'cloud.example/balancer': 'internal' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  });

/** Everything but the selector is the same on both sides, addresses and node ports included. */
const sameAddresses = (virtual: TestObject, { name }: Pair): object => {
  const { selector: _, ...spec } = virtual.spec;
  return {
    spec: { ...spec, selector: { [LABELS.managedBy]: name, [LABELS.namespace]: virtual.metadata.namespace } },
  };
};

const ports: ExpectedChange = {
  what: 'its ports',
  patch: { spec: { ports: [{ name: 'https', port: 443, targetPort: 'tls', protocol: 'TCP' }] } },
  expect: sameAddresses,
};
const type = (changed: string): ExpectedChange => ({
  what: `its type to ${changed}`,
  patch: { spec: { type: changed } },
  expect: sameAddresses,
});
const selector: ExpectedChange = {
  what: 'its selector',
  patch: { spec: { selector: { app: 'shop', tier: 'front' } } },
  expect: sameAddresses,
};
const STRAY = { spec: { ports: [{ port: 81, protocol: 'TCP' }] } };

describeKindToHost({
  name: 'Service of type ClusterIP',
  pair,
  object: service({}),
  expectHost: sameAddresses,
  updates: [
    ports,
    selector,
    type('NodePort'),
    type('LoadBalancer'),
    { what: 'where its traffic goes', patch: { spec: { internalTrafficPolicy: 'Local' } }, expect: sameAddresses },
    {
      what: 'which endpoint is preferred',
      patch: { spec: { trafficDistribution: 'PreferClose' } },
      expect: sameAddresses,
    },
    { what: 'its affinity', patch: { spec: { sessionAffinity: 'ClientIP' } }, expect: sameAddresses },
  ],
  stray: STRAY,
  whenTaken: 'refused',
});

describeKindToHost({
  name: 'Service of type NodePort',
  pair,
  object: service({ type: 'NodePort' }),
  expectHost: sameAddresses,
  updates: [
    { what: 'which nodes answer', patch: { spec: { externalTrafficPolicy: 'Local' } }, expect: sameAddresses },
    type('ClusterIP'),
    type('LoadBalancer'),
  ],
  stray: { spec: { externalTrafficPolicy: 'Local' } },
  whenTaken: 'refused',
});

describeKindToHost({
  name: 'Service of type LoadBalancer',
  pair,
  object: service({ type: 'LoadBalancer' }),
  expectHost: sameAddresses,
  updates: [
    { what: 'who may come', patch: { spec: { loadBalancerSourceRanges: ['192.0.2.0/24'] } }, expect: sameAddresses },
    {
      what: 'its need of node ports',
      patch: { spec: { allocateLoadBalancerNodePorts: false } },
      expect: sameAddresses,
    },
    { what: 'which nodes answer', patch: { spec: { externalTrafficPolicy: 'Local' } }, expect: sameAddresses },
    type('ClusterIP'),
    type('NodePort'),
  ],
  stray: { spec: { loadBalancerSourceRanges: ['198.51.100.0/24'] } },
  fromHost: [
    {
      what: 'the address of the load balancer',
      patch: { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } },
      subresource: 'status',
      expect: { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } },
    },
  ],
  whenTaken: 'refused',
});

describeKindToHost({
  name: 'headless Service',
  pair,
  object: service({ clusterIP: 'None' }),
  expectHost: sameAddresses,
  updates: [
    ports,
    selector,
    { what: 'what DNS tells', patch: { spec: { publishNotReadyAddresses: true } }, expect: sameAddresses },
  ],
  stray: STRAY,
});

describeKindToHost({
  name: 'Service without a selector',
  pair,
  object: service({ selector: undefined }),
  expectHost: ({ spec }) => ({ spec }),
  updates: [{ ...ports, expect: ({ spec }) => ({ spec }) }, selector],
  stray: STRAY,
  whenTaken: 'refused',
});

describe('a Service of type ExternalName', () => {
  const external = service({ type: 'ExternalName', externalName: 'shop.example', selector: undefined });

  it('stays away from the host, and comes there when it gets another type', async () => {
    const { virtual, host, name, namespace } = pair();
    const shop = await virtual.create(external('shop', 'default'));
    const onHost = { ...shop, metadata: { name: `shop-x-default-x-${name}`, namespace } };
    // Services are worked on in order: once this one is there, the other was looked at.
    await virtual.create(service({})('after-shop', 'default'));
    await host.until({ ...shop, metadata: { name: `after-shop-x-default-x-${name}`, namespace } }, 'to be copied');
    expect(await host.get(onHost)).toBeUndefined();
    await virtual.patch(shop, { spec: { type: 'ClusterIP', externalName: null } });
    await host.until(onHost, 'to be copied');
    await virtual.patch(shop, {
      spec: { type: 'ExternalName', externalName: 'shop.example', clusterIP: null, clusterIPs: null },
    });
    await host.untilGone(onHost);
  });
});
