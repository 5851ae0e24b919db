import { clusterScopedHostName, hostLabelKey, hostName } from '../../lib/contract';
import { untilTold } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import type { TestObject } from './support/api';
import { SNAPSHOT_DEFINITIONS } from './support/snapshot-definitions';
import { usePair } from './support/use-pair';

const pair = usePair({
  spec: {
    sync: {
      toHost: {
        persistentVolumes: { enabled: true },
        storageClasses: { enabled: true },
        volumeSnapshots: { enabled: true },
      },
      fromHost: { volumeSnapshotClasses: { selector: { matchLabels: { shown: 'yes' } } } },
    },
  },
  hostObjects: SNAPSHOT_DEFINITIONS,
});

const storageClass = (name: string): TestObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'nobody.example.com',
  parameters: { type: 'ssd' },
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
});

const claim = (name: string, namespace: string, spec: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace, labels: { app: 'db' } },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'plain',
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
});

const volume = (name: string, spec: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    nfs: { server: 'files.example.com', path: `/${name}` },
    ...spec,
  },
});

const onHost = (kind: string, name: string, namespace = 'default') => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: hostName(name, namespace, pair().name), namespace: pair().namespace },
});
const volumeOnHost = (name: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: clusterScopedHostName(name, pair().namespace, pair().name) },
});
const isBound = ({ status }: TestObject) => status?.phase === 'Bound';

const snapshotClass = (name: string, isDefault: boolean): TestObject => ({
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshotClass',
  metadata: {
    name,
    labels: { shown: 'yes' },
    annotations: { 'snapshot.storage.kubernetes.io/is-default-class': String(isDefault) },
  },
  driver: 'disk.example.com',
  deletionPolicy: 'Retain',
  parameters: { 'csi.storage.k8s.io/snapshotter-secret-name': 'host-secret' },
});
/** It goes with its definition, which the pair takes away. */
const defaultSnapshotClass = () => snapshotClass(`${pair().name}-snapshots`, true);

beforeAll(async () => {
  await pair().virtual.create(storageClass('plain'));
  await pair().host.create(defaultSnapshotClass());
  await pair().virtual.until(defaultSnapshotClass(), 'to be shown');
});

describeKindToHost({
  name: 'PersistentVolumeClaim',
  pair,
  object: claim,
  expectHost: (_, { name, namespace }) => ({
    metadata: { labels: { [hostLabelKey('app', name)]: 'db' } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: clusterScopedHostName('plain', namespace, name),
    },
  }),
  updates: [
    {
      what: 'a label',
      patch: { metadata: { labels: { app: 'cache' } } },
      expect: (_: TestObject, { name }: { name: string }) => ({
        metadata: { labels: { [hostLabelKey('app', name)]: 'cache' } },
      }),
    },
  ],
  stray: () => ({ metadata: { labels: { [hostLabelKey('app', pair().name)]: 'theirs' } } }),
  fromHost: [
    {
      what: 'which provisioner is asked',
      patch: { metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'nobody.example.com' } } },
      expect: { metadata: { annotations: { 'volume.kubernetes.io/storage-provisioner': 'nobody.example.com' } } },
    },
  ],
});

describeKindToHost({
  name: 'StorageClass',
  pair,
  object: (name) => ({ ...storageClass(name), metadata: { name } }),
  expectHost: { provisioner: 'nobody.example.com', parameters: { type: 'ssd' }, volumeBindingMode: 'Immediate' },
  updates: [
    { what: 'whether volumes may grow', patch: { allowVolumeExpansion: true }, expect: { allowVolumeExpansion: true } },
  ],
  stray: { mountOptions: ['ro'] },
});

describeKindToHost({
  name: 'VolumeSnapshot',
  pair,
  object: (name, namespace) => ({
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name, namespace },
    spec: { source: { persistentVolumeClaimName: 'data' } },
  }),
  expectHost: ({ metadata }, { name }) => ({
    spec: {
      volumeSnapshotClassName: `${name}-snapshots`,
      source: { persistentVolumeClaimName: hostName('data', metadata.namespace ?? '', name) },
    },
  }),
  updates: [
    {
      what: 'a label',
      patch: { metadata: { labels: { app: 'shop' } } },
      expect: (_, { name }) => ({ metadata: { labels: { [hostLabelKey('app', name)]: 'shop' } } }),
    },
  ],
  fromHost: [
    {
      what: 'that it could not be taken',
      patch: { status: { readyToUse: false, error: { message: 'no room' } } },
      subresource: 'status',
      expect: { status: { readyToUse: false, error: { message: 'no room' } } },
    },
  ],
});

describeKindToVirtual({
  name: 'VolumeSnapshotClass',
  pair,
  object: (name) => snapshotClass(name, false),
  expectVirtual: { driver: 'disk.example.com', deletionPolicy: 'Retain' },
  updates: [
    { what: 'what becomes of snapshots', patch: { deletionPolicy: 'Delete' }, expect: { deletionPolicy: 'Delete' } },
  ],
  stray: { deletionPolicy: 'Delete' },
  deselect: { metadata: { labels: { shown: 'no' } } },
});

describe('a volume that the tenant declares', () => {
  it('stays away from the host until a claim has it, is bound there, and is free again when the tenant says so', async () => {
    const { virtual, host } = pair();
    const files = await virtual.create(volume('files'));
    await virtual.until(files, 'to be available', ({ status }) => status?.phase === 'Available');
    expect(await host.get(volumeOnHost('files'))).toBeUndefined();

    const first = await virtual.create(claim('first', 'default', { storageClassName: '' }));
    await virtual.until(first, 'to be bound', (found) => isBound(found) && found.spec.volumeName === 'files');
    await virtual.until(files, 'to be bound', isBound);
    const copy = await host.until(volumeOnHost('files'), 'to be bound', isBound);
    expect(copy.spec.claimRef).toMatchObject(onHost('PersistentVolumeClaim', 'first').metadata);

    await virtual.delete(first);
    await virtual.untilGone(first);
    await host.untilGone(onHost('PersistentVolumeClaim', 'first'));
    await virtual.until(files, 'to be released', ({ status }) => status?.phase === 'Released');

    await virtual.patch(files, { spec: { claimRef: null } });
    await host.untilGone(volumeOnHost('files'));
    await virtual.until(files, 'to be available again', ({ status }) => status?.phase === 'Available');

    const second = await virtual.create(claim('second', 'default', { storageClassName: '', volumeName: 'files' }));
    await virtual.until(second, 'to be bound', isBound);
    await virtual.delete(second);
    await virtual.delete(files);
    await virtual.untilGone(files);
    await host.untilGone(volumeOnHost('files'));
  });

  it('goes to a claim that has waited for it, also across a restart', async () => {
    const { virtual, host, syncer } = pair();
    const early = await virtual.create(claim('early', 'default', { storageClassName: '' }));
    await untilTold(pair(), early, 'FailedBinding');
    await syncer.kill();
    const late = await virtual.create(volume('late'));
    await syncer.start();
    await virtual.until(early, 'to be bound', isBound);
    await syncer.kill();
    await virtual.delete(early);
    await syncer.start();
    await virtual.untilGone(early);
    await host.untilGone(onHost('PersistentVolumeClaim', 'early'));
    await virtual.until(late, 'to be released', ({ status }) => status?.phase === 'Released');
    await virtual.delete(late);
    await virtual.untilGone(late);
    await host.untilGone(volumeOnHost('late'));
  });

  it('never lies on the machines of the host', async () => {
    const { virtual, host } = pair();
    const root = await virtual.create(volume('root', { nfs: null, hostPath: { path: '/' }, storageClassName: 'root' }));
    const wish = await virtual.create(claim('wish', 'default', { storageClassName: 'root' }));
    await untilTold(pair(), root, 'VolumeSourceRefused');
    expect(await host.get(volumeOnHost('root'))).toBeUndefined();
    expect((await virtual.get(wish))?.status.phase).toBe('Pending');
    await virtual.delete(wish);
    await virtual.delete(root);
    await virtual.untilGone(root);
  });

  it('leaves alone what somebody else has under its name on the host', async () => {
    const { virtual, host } = pair();
    const foreign = await host.create({ ...volume('taken'), ...volumeOnHost('taken') });
    const taken = await virtual.create(volume('taken', { storageClassName: 'taken' }));
    const wish = await virtual.create(claim('for-taken', 'default', { storageClassName: 'taken' }));
    await untilTold(pair(), taken, 'NameTaken');
    expect((await host.get(foreign))?.metadata.uid).toBe(foreign.metadata.uid);
    await virtual.delete(wish);
    await virtual.untilGone(wish);
    await virtual.delete(taken);
    await virtual.untilGone(taken);
    expect((await host.get(foreign))?.spec.claimRef?.name).not.toBe('for-taken');
    await host.delete(foreign);
  });
});

describe('a volume that the host provisions', () => {
  it('is shown with the claim, stays when the host keeps it, and goes with it', async () => {
    const { virtual, host, name } = pair();
    const wish = await virtual.create(claim('wish-dynamic', 'default'));
    const copy = onHost('PersistentVolumeClaim', 'wish-dynamic');
    await host.until(copy, 'to be there');
    const provisioned = await host.create({
      ...volume(`${name}-pv`, { claimRef: { kind: 'PersistentVolumeClaim', ...copy.metadata } }),
    });
    const bound = await virtual.until(wish, 'to be bound', isBound);
    expect(bound.spec.volumeName).toBe(provisioned.metadata.name);
    const shown = await virtual.until(provisioned, 'to be shown as bound', isBound);
    expect(shown.spec).toMatchObject({
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: 'default', name: 'wish-dynamic', uid: bound.metadata.uid },
      csi: { volumeHandle: provisioned.metadata.name },
    });
    expect(JSON.stringify(shown)).not.toContain('files.example.com');

    await virtual.patch(shown, { spec: { capacity: { storage: '9Ti' } } });
    await virtual.until(shown, 'to be put back', ({ spec }) => spec.capacity.storage === '1Gi');

    await virtual.delete(wish);
    await virtual.untilGone(wish);
    await virtual.until(shown, 'to be released', ({ status }) => status?.phase === 'Released');
    await host.delete(provisioned);
    await virtual.untilGone(shown);
  });
});

describe('a claim that a populator in the virtual cluster fills', () => {
  it('waits for the populator, gets the volume that it hands over, and no other data', async () => {
    const { virtual, host, name } = pair();
    const source = { apiGroup: 'backups.example.com', kind: 'Backup', name: 'monday' };
    const wish = await virtual.create(claim('restored', 'default', { dataSourceRef: source }));
    await untilTold(pair(), wish, 'ProvisioningFailed');
    const helper = await virtual.create(claim('populate', 'default'));
    await host.until(onHost('PersistentVolumeClaim', 'populate'), 'to be there');
    const provisioned = await host.create({
      ...volume(`${name}-filled`, {
        claimRef: { kind: 'PersistentVolumeClaim', ...onHost('PersistentVolumeClaim', 'populate').metadata },
      }),
    });
    await virtual.until(helper, 'to be bound', isBound);
    const { namespace, name: claimName, uid } = wish.metadata;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claimName, uid };
    await virtual.patch(provisioned, { spec: { claimRef } });
    await virtual.until(helper, 'to have lost its volume', ({ status }) => status.phase === 'Lost');
    await virtual.until(wish, 'to be bound', (found) => isBound(found) && found.spec.volumeName === `${name}-filled`);
    await virtual.delete(helper);
    await virtual.untilGone(helper);
    expect((await virtual.get(provisioned))?.spec.claimRef.uid).toBe(uid);
    await virtual.delete(wish);
    await virtual.untilGone(wish);
    await host.delete(provisioned);
    await virtual.untilGone(provisioned);
  });
});

describe('a claim whose copy the host has lost', () => {
  it('is not given an empty volume under its name once it was bound', async () => {
    const { virtual, host, name } = pair();
    const wish = await virtual.create(claim('unlucky', 'default'));
    const copy = onHost('PersistentVolumeClaim', 'unlucky');
    await host.until(copy, 'to be there');
    const provisioned = await host.create({
      ...volume(`${name}-unlucky`, { claimRef: { kind: 'PersistentVolumeClaim', ...copy.metadata } }),
    });
    await virtual.until(wish, 'to be bound', isBound);
    await host.delete(copy);
    await host.untilGone(copy);
    await untilTold(pair(), wish, 'ClaimLost');
    await virtual.until(wish, 'to be lost', ({ status }) => status.phase === 'Lost');
    expect(await host.get(copy)).toBeUndefined();
    await virtual.delete(wish);
    await virtual.untilGone(wish);
    await host.delete(provisioned);
    await virtual.untilGone(provisioned);
  });
});

describe('a snapshot that was taken', () => {
  it('is bound to a content that the tenant sees, without the handle that its driver knows', async () => {
    const { virtual, host, name } = pair();
    const content = `${name}-content`;
    const snapshot = await virtual.create({
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: { name: 'taken-once', namespace: 'default' },
      spec: { source: { persistentVolumeClaimName: 'data' } },
    });
    const copy = { ...onHost('VolumeSnapshot', 'taken-once'), apiVersion: 'snapshot.storage.k8s.io/v1' };
    await host.until(copy, 'to be there');
    const status = {
      boundVolumeSnapshotContentName: content,
      readyToUse: true,
      restoreSize: '1Gi',
      creationTime: '2026-01-01T00:00:00Z',
    };
    await host.patch(copy, { status }, { subresource: 'status' });
    await virtual.until(snapshot, 'to be ready', ({ status: known }) => known?.readyToUse === true);
    const ref = {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: { name: content },
    };
    const shown = await virtual.until(ref, 'to be shown', ({ status: known }) => known?.readyToUse === true);
    expect(shown.spec).toMatchObject({
      driver: 'disk.example.com',
      deletionPolicy: 'Retain',
      source: { snapshotHandle: content },
      volumeSnapshotRef: { namespace: 'default', name: 'taken-once', uid: snapshot.metadata.uid },
    });
    expect(shown.status).toMatchObject({ restoreSize: 1024 ** 3, creationTime: Date.parse(status.creationTime) * 1e6 });
    await virtual.delete(snapshot);
    await host.untilGone(copy);
    await virtual.untilGone(ref);
  });
});
