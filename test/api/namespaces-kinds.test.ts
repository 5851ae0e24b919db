import { hostLabelKey } from '../../lib/contract';
import { describeKindToHost, type KindToHost } from './contract/to-host';
import type { Pair } from './support/pair';
import { usePair } from './support/use-pair';

/** Kinds that lie in host namespaces of their own, under their own names. */
const pair = usePair({
  spec: {
    namespaces: { mode: 'perNamespace' },
    isolation: { hostnames: { catchAll: true }, classes: { ingress: { default: 'any' } } },
    sync: {
      toHost: {
        configMaps: { all: true },
        secrets: { all: true },
        ingresses: { enabled: true },
        networkPolicies: { enabled: true },
        podDisruptionBudgets: { enabled: true },
        serviceAccounts: { enabled: true },
      },
    },
  },
});

const common = {
  pair,
  hostPlace: (name: string, namespace: string, { name: cluster }: Pair) => ({
    name,
    namespace: `${cluster}-${namespace}`,
  }),
} satisfies Partial<KindToHost>;

describeKindToHost({
  ...common,
  name: 'ConfigMap, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { colour: 'green' },
  }),
  expectHost: { data: { colour: 'green' } },
  updates: [{ what: 'a value', patch: { data: { colour: 'blue' } }, expect: { data: { colour: 'blue' } } }],
  stray: { data: { colour: 'red' } },
});

describeKindToHost({
  ...common,
  name: 'Secret, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    data: { password: 'b3Blbg==' },
  }),
  expectHost: { data: { password: 'b3Blbg==' } },
  updates: [{ what: 'a value', patch: { data: { password: 'c2hvcA==' } }, expect: { data: { password: 'c2hvcA==' } } }],
  stray: { data: { password: 'c2hvcA==' } },
});

describeKindToHost({
  ...common,
  name: 'PersistentVolumeClaim, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, labels: { app: 'db' } },
    spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  expectHost: ({ metadata }, { name }) => ({
    metadata: { labels: { [hostLabelKey('app', name)]: metadata.labels?.app } },
    spec: { resources: { requests: { storage: '1Gi' } } },
  }),
  updates: [{ what: 'a label', patch: { metadata: { labels: { app: 'web' } } }, expect: {} }],
});

describeKindToHost({
  ...common,
  name: 'Ingress, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, tls: [{ secretName: 'web-tls' }] },
  }),
  expectHost: {
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, tls: [{ secretName: 'web-tls' }] },
  },
  updates: [
    {
      what: 'its port',
      patch: { spec: { defaultBackend: { service: { port: { number: 81 } } } } },
      expect: { spec: { defaultBackend: { service: { name: 'web', port: { number: 81 } } } } },
    },
  ],
  stray: { spec: { defaultBackend: { service: { port: { number: 82 } } } } },
});

describeKindToHost({
  ...common,
  name: 'NetworkPolicy, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
  }),
  expectHost: (_source, { name }) => ({
    spec: { podSelector: { matchLabels: { [hostLabelKey('app', name)]: 'db' } }, policyTypes: ['Ingress'] },
  }),
  updates: [
    {
      what: 'what it is about',
      patch: { spec: { policyTypes: ['Ingress', 'Egress'] } },
      expect: { spec: { policyTypes: ['Ingress', 'Egress'] } },
    },
  ],
});

describeKindToHost({
  ...common,
  name: 'PodDisruptionBudget, in a host namespace of its own',
  object: (name, namespace) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
  }),
  expectHost: { spec: { minAvailable: 1 } },
  updates: [
    { what: 'the number of pods', patch: { spec: { minAvailable: 2 } }, expect: { spec: { minAvailable: 2 } } },
  ],
  stray: { spec: { minAvailable: 0 } },
});

describeKindToHost({
  ...common,
  name: 'ServiceAccount, in a host namespace of its own',
  object: (name, namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }),
  expectHost: { automountServiceAccountToken: false },
  updates: [],
  stray: { automountServiceAccountToken: true },
});
