import { hostName, safeConcat } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import { untilTold } from './contract/expectation';
import { describeKindToVirtual } from './contract/to-virtual';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const shown = { selector: { matchLabels: { shown: 'yes' } } };
const pair = usePair({
  spec: {
    nodes: { mode: 'all' },
    sync: {
      fromHost: { storageClasses: shown, csiDrivers: shown, csiNodes: shown, csiStorageCapacities: shown },
    },
  },
});

const labels = { shown: 'yes' };
const storageClass = (name: string, more: object = {}): TestObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, labels },
  provisioner: 'nobody.example.com',
  parameters: { 'csi.storage.k8s.io/provisioner-secret-name': 'host-secret' },
  allowVolumeExpansion: true,
  ...more,
});
const className = () => `${pair().name}-fast`;
const claim = (name: string, spec: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: className(),
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
});
const copyOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: hostName(name, 'default', pair().name), namespace: pair().namespace },
});
const isBound = ({ status }: TestObject) => status?.phase === 'Bound';

beforeAll(async () => {
  await pair().host.create(storageClass(className()));
});
afterAll(() => pair().host.delete(storageClass(className())));

describeKindToVirtual({
  name: 'StorageClass',
  pair,
  object: (name) => storageClass(name),
  expectVirtual: { provisioner: 'nobody.example.com', reclaimPolicy: 'Delete', allowVolumeExpansion: true },
  updates: [
    {
      what: 'whether volumes may grow',
      patch: { allowVolumeExpansion: false },
      expect: { allowVolumeExpansion: false },
    },
    {
      what: 'whether it is the default',
      patch: { metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' } } },
      expect: { metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' } } },
    },
  ],
  stray: { allowVolumeExpansion: false },
  deselect: { metadata: { labels: { shown: 'no' } } },
});

describeKindToVirtual({
  name: 'CSIDriver',
  pair,
  object: (name) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name, labels },
    spec: { attachRequired: false, storageCapacity: true, volumeLifecycleModes: ['Persistent', 'Ephemeral'] },
  }),
  expectVirtual: {
    spec: { attachRequired: false, storageCapacity: true, volumeLifecycleModes: ['Persistent', 'Ephemeral'] },
  },
  updates: [
    {
      what: 'whether it tells its room',
      patch: { spec: { storageCapacity: false } },
      expect: { spec: { storageCapacity: false } },
    },
  ],
  deselect: { metadata: { labels: { shown: 'no' } } },
});

describeKindToVirtual({
  name: 'CSIStorageCapacity',
  pair,
  object: (name, { namespace }) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name, namespace, labels },
    storageClassName: className(),
    capacity: '10Gi',
    nodeTopology: { matchLabels: { zone: 'a' } },
  }),
  shownAs: ({ apiVersion, kind, metadata: { name = '', namespace = '' } }) => ({
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    metadata: { namespace: 'kube-system', name: safeConcat(name, 'x', namespace) },
  }),
  expectVirtual: ({ capacity }) => ({
    storageClassName: className(),
    capacity,
    nodeTopology: { matchLabels: { zone: 'a' } },
  }),
  updates: [{ what: 'how much room is left', patch: { capacity: '9Gi' }, expect: { capacity: '9Gi' } }],
  stray: { capacity: '1Ti' },
  deselect: { metadata: { labels: { shown: 'no' } } },
});

describe('what drivers offer on a node', () => {
  it('is shown with the node, follows the host, and goes', async () => {
    const { virtual, host } = pair();
    const [node] = await virtual.list(RESOURCES.nodes);
    const name = node?.metadata.name ?? '';
    const csiNode = (count: number): TestObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name, labels },
      spec: {
        drivers: [{ name: 'd.example.com', nodeID: 'machine-17', topologyKeys: ['zone'], allocatable: { count } }],
      },
    });
    const made = await host.create(csiNode(8));
    const offers =
      (count: number) =>
      ({ spec }: TestObject) =>
        spec.drivers?.[0]?.allocatable.count === count;
    const seen = await virtual.until(made, 'to be shown', offers(8));
    expect(JSON.stringify(seen)).not.toContain('machine-17');
    await host.delete(made);
    await virtual.untilGone(made);
    const again = await host.create(csiNode(4));
    await virtual.until(again, 'to be shown', offers(4));
    await host.delete(again);
    await virtual.untilGone(again);
  });
});

describe('a claim, where classes are shown', () => {
  it('gets none that is not selected, until it is', async () => {
    const { virtual, host, name } = pair();
    const hidden = await host.create(
      storageClass(`${name}-hidden`, { metadata: { name: `${name}-hidden`, labels: {} } }),
    );
    const wish = await virtual.create(claim('hidden', { storageClassName: `${name}-hidden` }));
    await untilTold(pair(), wish, 'ProvisioningFailed');
    expect(await host.get(copyOf('hidden'))).toBeUndefined();
    await host.patch(hidden, { metadata: { labels } });
    await host.until(copyOf('hidden'), 'to be there', ({ spec }) => spec.storageClassName === `${name}-hidden`);
    await virtual.delete(wish);
    await host.untilGone(copyOf('hidden'));
    await host.delete(hidden);
  });

  it('gets no class of the tenant’s making under a name of the host', async () => {
    const { virtual, host, name } = pair();
    const own = await virtual.create(storageClass(`${name}-own`, { parameters: {} }));
    const wish = await virtual.create(claim('own', { storageClassName: `${name}-own` }));
    await untilTold(pair(), wish, 'ProvisioningFailed');
    expect(await host.get(copyOf('own'))).toBeUndefined();
    await virtual.delete(wish);
    await virtual.delete(own);
  });

  it('is bound to a volume that is shown, grows, tells of it, and goes with the volume', async () => {
    const { virtual, host, name } = pair();
    await virtual.until(storageClass(className()), 'to be shown');
    const wish = await virtual.create(claim('grows'));
    await host.until(copyOf('grows'), 'to be there');
    const provisioned = await host.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${name}-grows` },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: className(),
        persistentVolumeReclaimPolicy: 'Retain',
        csi: { driver: 'd.example.com', volumeHandle: 'vol-17' },
        claimRef: { kind: 'PersistentVolumeClaim', ...copyOf('grows').metadata },
      },
    });
    await virtual.until(wish, 'to be bound', isBound);
    const volume = await virtual.until(provisioned, 'to be shown', isBound);
    expect(volume.spec).toMatchObject({ storageClassName: className(), csi: { driver: 'hidden.sublet.dev' } });

    await virtual.patch(wish, { spec: { resources: { requests: { storage: '2Gi' } } } });
    await host.until(copyOf('grows'), 'to ask for more', ({ spec }) => spec.resources.requests.storage === '2Gi');
    // As a resizer does it: the volume first, since the host's binder takes the claim's capacity from it.
    await host.patch(provisioned, { spec: { capacity: { storage: '2Gi' } } });
    const status = {
      capacity: { storage: '2Gi' },
      conditions: [{ type: 'FileSystemResizePending', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    };
    await host.patch(copyOf('grows'), { status }, { subresource: 'status' });
    await virtual.until(wish, 'to tell of it', ({ status }) => isResizing(status));
    await host.patch(copyOf('grows'), { status: { conditions: null } }, { subresource: 'status' });
    await virtual.until(
      wish,
      'to have grown',
      ({ status }) => !isResizing(status) && status.capacity.storage === '2Gi',
    );
    await virtual.until(volume, 'to have grown', ({ spec }) => spec.capacity.storage === '2Gi');

    await virtual.delete(wish);
    await virtual.untilGone(wish);
    await host.untilGone(copyOf('grows'));
    await virtual.untilGone(volume);
    await host.delete(provisioned);
  });

  it('is held by no more than Kubernetes’ own finalizer, and never by one of the host', async () => {
    const { virtual, host } = pair();
    const wish = await virtual.create(claim('held'));
    await host.until(copyOf('held'), 'to be there');
    await virtual.patch(wish, { metadata: { finalizers: ['kubernetes.io/pvc-protection', 'example.com/backup'] } });
    await virtual.delete(wish);
    await virtual.until(wish, 'to be going', ({ metadata }) => metadata.finalizers?.join() === 'example.com/backup');
    expect((await host.get(copyOf('held')))?.metadata.deletionTimestamp).toBeUndefined();
    await virtual.patch(wish, { metadata: { finalizers: null } });
    await virtual.untilGone(wish);
    await host.untilGone(copyOf('held'));
  });
});

/** Other conditions come and go: since 1.37 a claim that no pod uses says so. */
function isResizing({ conditions = [] }: { conditions?: readonly { type: string }[] }): boolean {
  return conditions.some(({ type }) => type === 'FileSystemResizePending');
}
