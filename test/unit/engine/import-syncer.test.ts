import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import type { ImportSource } from '../../../syncer/engine/import-source';
import { ImportSyncer } from '../../../syncer/engine/import-syncer';
import { createRecorder } from '../../../syncer/engine/recorder';
import { Side } from '../../../syncer/engine/side';
import type { KubeObject } from '../../../syncer/kube/types';
import { MemoryApi } from './memory-api';
import { configMaps, signal } from './syncing';

const KEY = 'shop/settings';
const SHOWN: KubeObject = {
  metadata: {
    name: 'settings',
    namespace: 'shop',
    labels: { [LABELS.imported]: 'true' },
    annotations: { [ANNOTATIONS.importedUid]: 'u' },
  },
};

function importing(source: Partial<ImportSource<KubeObject>>) {
  const virtual = new MemoryApi('virtual');
  const syncer = new ImportSyncer<KubeObject, KubeObject>({
    kind: {
      resource: configMaps,
      virtualKeyOf: (key) => key,
      hostKeyOf: (key) => key,
      translate: (host) => ({ kind: 'object', object: host }),
      changes: () => [],
    },
    host: { get: () => undefined, fetch: async () => undefined, isComplete: () => true, ...source },
    virtual: new Side(virtual.cache<KubeObject>(configMaps), virtual),
    recorder: createRecorder(virtual, () => undefined),
    ensureNamespace: async () => {},
  });
  virtual.put(configMaps, SHOWN);
  return { reconcile: () => syncer.reconcile(KEY, signal), exists: () => virtual.peek(configMaps, KEY) !== undefined };
}

describe('what shows an object of the host', () => {
  it('goes when the host says that the object is gone', async () => {
    const { reconcile, exists } = importing({});
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(exists()).toBe(false);
  });

  it.each<[string, Partial<ImportSource<KubeObject>>]>([
    ['that part of the host can not be seen', { isComplete: () => false }],
    ['the host has the object, though its watch has not brought it yet', { fetch: async () => SHOWN }],
  ])('stays when %s', async (_what, source) => {
    const { reconcile, exists } = importing(source);
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(exists()).toBe(true);
  });
});
