import { hostLabelKey, LABELS } from '../../lib/contract';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import { usePair } from './support/use-pair';

const pair = usePair({
  spec: {
    sync: {
      toHost: {
        podDisruptionBudgets: { enabled: true },
        priorityClasses: { enabled: true, maxValue: 1000 },
        serviceAccounts: { enabled: true },
      },
      fromHost: {
        runtimeClasses: { selector: { matchLabels: { shown: 'yes' } } },
      },
    },
  },
});

describeKindToHost({
  name: 'PodDisruptionBudget',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
  }),
  expectHost: ({ metadata }, { name }) => ({
    spec: {
      minAvailable: 1,
      selector: {
        matchLabels: {
          [hostLabelKey('app', name)]: 'db',
          [LABELS.managedBy]: name,
          [LABELS.namespace]: metadata.namespace,
        },
      },
    },
  }),
  updates: [
    { what: 'the number of pods', patch: { spec: { minAvailable: 2 } }, expect: { spec: { minAvailable: 2 } } },
    {
      what: 'how it counts, to a percentage',
      patch: { spec: { minAvailable: null, maxUnavailable: '50%' } },
      expect: { spec: { minAvailable: 0 } },
    },
  ],
  stray: { spec: { minAvailable: 0 } },
});

describeKindToHost({
  name: 'PriorityClass',
  pair,
  object: (name) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 5000,
    description: 'ours',
  }),
  expectHost: { value: 1000, preemptionPolicy: 'Never', description: 'ours' },
  updates: [{ what: 'the description', patch: { description: 'still ours' }, expect: { description: 'still ours' } }],
  stray: { description: 'theirs' },
});

describeKindToHost({
  name: 'ServiceAccount',
  pair,
  object: (name, namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }),
  expectHost: { automountServiceAccountToken: false },
  updates: [],
  stray: { automountServiceAccountToken: true },
});

describeKindToVirtual({
  name: 'RuntimeClass',
  pair,
  object: (name) => ({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name, labels: { shown: 'yes' }, annotations: { owner: 'platform' } },
    handler: 'runsc',
    scheduling: { nodeSelector: { sandbox: 'yes' } },
  }),
  expectVirtual: { handler: 'runsc' },
  stray: { metadata: { labels: { shown: 'no' } } },
  deselect: { metadata: { labels: { shown: 'no' } } },
});
