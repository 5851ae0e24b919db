import { hostLabelKey, shortHostName } from '../../lib/contract';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import { describeSince } from './support/since';
import { usePair } from './support/use-pair';

describeSince('1.34', 'devices', () => {
  const pair = usePair({
    spec: {
      sync: {
        toHost: { resourceClaims: { enabled: true } },
        fromHost: { deviceClasses: { selector: { matchLabels: { shown: 'yes' } } } },
      },
    },
    hostObjects: [
      {
        apiVersion: 'resource.k8s.io/v1',
        kind: 'DeviceClass',
        metadata: { name: 'devices-gpu', labels: { shown: 'yes' } },
        spec: {},
      },
    ],
  });

  describeKindToHost({
    name: 'ResourceClaim',
    pair,
    hostName: (name, namespace, { name: cluster }) => shortHostName(name, namespace, cluster),
    object: (name, namespace) => ({
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name, namespace },
      spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'devices-gpu' } }] } },
    }),
    expectHost: { spec: { devices: { requests: [{ name: 'gpu' }] } } },
    updates: [
      {
        what: 'a label',
        patch: { metadata: { labels: { app: 'shop' } } },
        expect: (_, { name }) => ({ metadata: { labels: { [hostLabelKey('app', name)]: 'shop' } } }),
      },
    ],
  });

  describeKindToVirtual({
    name: 'DeviceClass',
    pair,
    object: (name) => ({
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata: { name, labels: { shown: 'yes' } },
      spec: { selectors: [{ cel: { expression: 'true' } }] },
    }),
    expectVirtual: { spec: { selectors: [{ cel: { expression: 'true' } }] } },
    updates: [
      {
        what: 'what it selects',
        patch: { spec: { selectors: [{ cel: { expression: 'false' } }] } },
        expect: { spec: { selectors: [{ cel: { expression: 'false' } }] } },
      },
    ],
    deselect: { metadata: { labels: { shown: 'no' } } },
  });
});
