import { describeKindToVirtual } from './contract/to-virtual';
import { describeSince } from './support/since';
import { usePair } from './support/use-pair';

const SHOWN = { matchLabels: { shown: 'yes' } };
const pair = usePair({
  spec: {
    sync: {
      fromHost: { priorityClasses: { selector: SHOWN }, volumeAttributesClasses: { selector: SHOWN } },
    },
  },
});

describeKindToVirtual({
  name: 'PriorityClass',
  pair,
  object: (name) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name, labels: { shown: 'yes' } },
    value: 1000,
    description: 'for everybody',
  }),
  expectVirtual: { value: 1000, preemptionPolicy: 'PreemptLowerPriority', description: 'for everybody' },
  updates: [{ what: 'the description', patch: { description: 'for few' }, expect: { description: 'for few' } }],
  stray: { description: 'mine' },
  deselect: { metadata: { labels: { shown: 'no' } } },
});

describeSince('1.34', 'classes of volume attributes', () => {
  describeKindToVirtual({
    name: 'VolumeAttributesClass',
    pair,
    object: (name) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttributesClass',
      metadata: { name, labels: { shown: 'yes' } },
      driverName: 'csi.example.com',
      parameters: { speed: 'fast' },
    }),
    expectVirtual: { driverName: 'csi.example.com' },
    deselect: { metadata: { labels: { shown: 'no' } } },
  });
});
