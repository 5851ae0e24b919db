import { patch } from '../../lib';
import { hostName } from '../../lib/contract';
import { untilTold } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const LABEL = 'example.com/billed-to';

/** A patch that bills to the cluster whatever passes, and refuses what asks for it. */
const pair = usePair({
  spec: {
    sync: { toHost: { configMaps: { all: true } } },
    patches: [
      patch({
        kind: 'services',
        toHost: (service, { cluster }) => ({
          ...service,
          metadata: { ...service.metadata, labels: { ...service.metadata?.labels, 'example.com/billed-to': cluster } },
        }),
        toVirtual: (service) => service,
      }),
      patch({
        kind: 'configMaps',
        oneWay: true,
        toHost: (object, { name }) => {
          if (name === 'wrong') throw new Error(`no room for ${object.metadata?.name}`);
          if (name === 'moved') return { ...object, metadata: { ...object.metadata, name: 'elsewhere' } };
          return { ...object, data: { ...object.data, added: 'by the platform' } };
        },
      }),
    ],
  },
});

describeKindToHost({
  name: 'Service with a patch',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'http', port: 80 }] },
  }),
  expectHost: ({ metadata }: TestObject, { name }: { readonly name: string }) => ({
    metadata: {
      labels: { [LABEL]: name },
      annotations: { 'vcluster.loft.sh/object-name': metadata.name },
    },
    spec: { ports: [{ name: 'http', port: 80 }] },
  }),
  updates: [
    {
      what: 'a port',
      patch: { spec: { ports: [{ name: 'web', port: 81 }] } },
      expect: { spec: { ports: [{ name: 'web', port: 81 }] } },
    },
  ],
  whenTaken: 'refused',
});

describeKindToHost({
  name: 'ConfigMap with a patch',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { a: '1' },
  }),
  expectHost: { data: { a: '1', added: 'by the platform' } },
  updates: [{ what: 'its data', patch: { data: { a: '2' } }, expect: { data: { a: '2', added: 'by the platform' } } }],
  stray: { data: { added: 'by somebody else' } },
});

it.each(['wrong', 'moved'])(
  'an object whose patch fails stays away from the host, and the tenant is told: %s',
  async (name) => {
    const { virtual, host, namespace, name: cluster } = pair();
    const object = await virtual.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { a: '1' },
    });
    await untilTold(pair(), object, 'PatchFailed');
    const copy = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: hostName(name, 'default', cluster), namespace },
    };
    expect(await host.get(copy)).toBeUndefined();
    await virtual.until(object, 'to say why', ({ metadata }) => {
      const problem = metadata.annotations?.['sublet.dev/sync-problem'] ?? '';
      expect(problem).toMatch(/^PatchFailed: /);
      expect(problem).not.toContain(namespace);
      expect(problem).not.toContain('-x-');
    });
    await virtual.delete(object);
  },
);
