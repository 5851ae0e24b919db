import { hostName } from '../../lib/contract';
import { describeKindToHost } from './contract/to-host';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

/** Isolation lets endpoints lead to a declared range. */
const pair = usePair({
  spec: {
    isolation: {
      network: {
        egress: [{ cidr: '192.0.2.0/24' }],
        hostRanges: { nodes: ['10.1.0.0/24'], pods: ['10.42.0.0/16'], services: ['10.43.0.0/16'] },
      },
    },
  },
});

/** A Service whose endpoints the tenant keeps by hand. */
const bareService = (name: string, namespace: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ name: 'sql', port: 5432 }] },
});

const subset = (ip: string, port = 5432) => ({ addresses: [{ ip }], ports: [{ name: 'sql', port, protocol: 'TCP' }] });

describeKindToHost({
  name: 'Endpoints of a Service without a selector',
  pair,
  companions: (name, namespace) => [bareService(name, namespace)],
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace },
    subsets: [subset('192.0.2.10')],
  }),
  expectHost: { subsets: [subset('192.0.2.10')] },
  updates: [
    { what: 'an address', patch: { subsets: [subset('192.0.2.11')] }, expect: { subsets: [subset('192.0.2.11')] } },
    {
      what: 'a port',
      patch: { subsets: [subset('192.0.2.10', 5433)] },
      expect: { subsets: [subset('192.0.2.10', 5433)] },
    },
  ],
  stray: { subsets: [subset('192.0.2.66')] },
});

const endpoint = (address: string) => ({ addresses: [address], conditions: { ready: true } });

describeKindToHost({
  name: 'EndpointSlice of a Service without a selector',
  pair,
  companions: (name, namespace) => [bareService(`of-${name}`, namespace)],
  object: (name, namespace) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': `of-${name}` } },
    addressType: 'IPv4',
    endpoints: [endpoint('192.0.2.20')],
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
  }),
  expectHost: ({ metadata: { name, namespace = '' } }, { name: cluster }) => ({
    metadata: { labels: { 'kubernetes.io/service-name': hostName(`of-${name}`, namespace, cluster) } },
    endpoints: [endpoint('192.0.2.20')],
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
  }),
  updates: [
    {
      what: 'an address',
      patch: { endpoints: [endpoint('192.0.2.21')] },
      expect: { endpoints: [endpoint('192.0.2.21')] },
    },
    {
      what: 'its ports',
      patch: { ports: [{ name: 'sql', port: 6432, protocol: 'TCP' }] },
      expect: { ports: [{ name: 'sql', port: 6432, protocol: 'TCP' }] },
    },
  ],
  stray: { endpoints: [endpoint('192.0.2.66')] },
});
