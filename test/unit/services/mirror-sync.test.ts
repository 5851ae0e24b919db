import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { isImported } from '../../../syncer/engine/import-syncer';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import { mirroredSlice } from '../../../syncer/services/mapping/mirror';
import { type Mirror, reconcileMirror } from '../../../syncer/services/mapping/mirror-sync';
import { renumber } from '../../../syncer/services/renumber';
import type { EndpointSlice, Service } from '../../../syncer/services/types';
import { MemoryApi } from '../engine/memory-api';
import { signal } from '../engine/syncing';

const SOURCE: Service = { metadata: { name: 'postgres', namespace: 'shared' }, spec: { ports: [{ port: 5432 }] } };
const SLICE: EndpointSlice = {
  metadata: { name: 'postgres-abc', namespace: 'shared' },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.9'] }],
};
const TARGET = {
  forTenants: true,
  metadata: {
    namespace: 'apps',
    name: 'db',
    labels: { [LABELS.imported]: 'true' },
    annotations: { [ANNOTATIONS.importedUid]: 'u' },
  },
};

function mirroring() {
  const api = new MemoryApi('virtual');
  const mirror: Mirror = {
    targetKey: 'apps/db',
    services: new Side(api.cache<Service>(RESOURCES.services), api),
    slices: new Side(api.cache<EndpointSlice>(RESOURCES.endpointSlices), api),
    isOurs: isImported,
    prepare: async () => {},
    source: async () => ({ kind: 'found', service: SOURCE, slices: [SLICE] }),
    target: () => TARGET,
    taken: () => {},
  };
  return { api, reconcile: () => reconcileMirror(mirror, signal) };
}

describe('a mapped Service', () => {
  it('comes with its addresses, once', async () => {
    const { api, reconcile } = mirroring();
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(api.keys(RESOURCES.endpointSlices)).toHaveLength(1);
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
  });

  it('takes over no slice of somebody else that bears the name of one of its own', async () => {
    const { api, reconcile } = mirroring();
    const { name = '', namespace = '' } = mirroredSlice(SLICE, TARGET).metadata;
    const theirs: EndpointSlice = { metadata: { name, namespace }, addressType: 'IPv4', endpoints: [] };
    api.put(RESOURCES.endpointSlices, theirs);
    expect(await reconcile()).toEqual({ kind: 'conflict', reason: 'NameTaken' });
    expect(api.peek<EndpointSlice>(RESOURCES.endpointSlices, `${namespace}/${name}`)).toMatchObject(theirs);
  });

  it('is let alone while its address is being changed', async () => {
    const { api, reconcile } = mirroring();
    await reconcile();
    const [first] = renumber({ metadata: {}, spec: { type: 'ClusterIP' } }, { metadata: {}, spec: {} });
    if (first?.kind !== 'patch') throw new Error('nothing is renumbered');
    await api.patch(RESOURCES.services, 'apps', 'db', first.patch);
    const before = api.peek(RESOURCES.services, 'apps/db');
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(api.peek(RESOURCES.services, 'apps/db')).toEqual(before);
  });
});
