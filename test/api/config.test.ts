import { describeKindToHost } from './contract/to-host';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const pair = usePair();

/** A pod that reads the ConfigMap or Secret called `name`. */
const reader =
  (source: object) =>
  (name: string, namespace: string): readonly TestObject[] => [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `reader-of-${name}`, namespace },
      spec: { containers: [{ name: 'main', image: 'busybox', envFrom: [source] }] },
    },
  ];

describeKindToHost({
  name: 'ConfigMap that a pod refers to',
  pair,
  companions: (name, namespace) => reader({ configMapRef: { name } })(name, namespace),
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { tier: 'web' }, annotations: { secretly: 'steer' } },
    data: { colour: 'green' },
    binaryData: { picture: 'AAEC' },
  }),
  expectHost: { data: { colour: 'green' }, binaryData: { picture: 'AAEC' } },
  updates: [
    { what: 'a value', patch: { data: { colour: 'blue' } }, expect: { data: { colour: 'blue' } } },
    {
      what: 'its keys',
      patch: { data: { colour: null, size: 'large' } },
      expect: ({ data }: TestObject) => ({ data }),
    },
  ],
  stray: { data: { colour: 'red' } },
});

describeKindToHost({
  name: 'Secret that a pod refers to',
  pair,
  companions: (name, namespace) => reader({ secretRef: { name } })(name, namespace),
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: { password: 'b3Blbg==' },
  }),
  expectHost: { type: 'Opaque', data: { password: 'b3Blbg==' } },
  updates: [{ what: 'a value', patch: { data: { password: 'c2hvcA==' } }, expect: { data: { password: 'c2hvcA==' } } }],
  stray: { data: { password: 'c2hvcA==' } },
});
