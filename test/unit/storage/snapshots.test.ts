import { contentOfSnapshot } from '../../../syncer/storage/snapshots/content';
import { snapshotBack, snapshotChanges, toHostSnapshot } from '../../../syncer/storage/snapshots/to-host';
import type { VolumeSnapshot, VolumeSnapshotClass } from '../../../syncer/storage/snapshots/types';
import { ARTICLE, PER_NAMESPACE } from '../engine/context';

const snapshot = (
  spec: VolumeSnapshot['spec'] = { source: { persistentVolumeClaimName: 'data' } },
): VolumeSnapshot => ({
  metadata: { name: 'snap', namespace: 'default', uid: 'snap-uid' },
  spec,
});
const snapshotClass = (name: string, isDefault = false): VolumeSnapshotClass => ({
  metadata: { name, annotations: { 'snapshot.storage.kubernetes.io/is-default-class': String(isDefault) } },
  driver: 'disk.example.com',
  deletionPolicy: 'Retain',
});
const known = (classes?: readonly VolumeSnapshotClass[], isCopied = false) => ({
  classes: () => classes,
  isCopied: () => isCopied,
});
const named = (volumeSnapshotClassName: string) =>
  snapshot({ source: { persistentVolumeClaimName: 'data' }, volumeSnapshotClassName });

describe('a snapshot on the host', () => {
  it('is of the host’s copy of its claim', () => {
    expect(toHostSnapshot(snapshot(), ARTICLE, known())).toMatchObject({
      object: {
        metadata: { name: 'snap-x-default-x-my-vcluster', namespace: ARTICLE.hostNamespace },
        spec: { source: { persistentVolumeClaimName: 'data-x-default-x-my-vcluster' } },
      },
    });
  });

  it.each([
    ['any class where none are shown', named('fast'), known(), 'fast'],
    ['a class that is shown', named('fast'), known([snapshotClass('fast')]), 'fast'],
    ['the only default of those shown', snapshot(), known([snapshotClass('a'), snapshotClass('b', true)]), 'b'],
    [
      'the host’s choice among several defaults',
      snapshot(),
      known([snapshotClass('a', true), snapshotClass('b', true)]),
      undefined,
    ],
  ])('gets %s', (_what, virtual, surroundings, expected) => {
    const translation = toHostSnapshot(virtual, ARTICLE, surroundings);
    expect(translation.kind === 'object' && translation.object.spec.volumeSnapshotClassName).toBe(expected);
  });

  it.each([
    ['a class that is not shown', named('secret'), known([snapshotClass('fast')]), 'spec.volumeSnapshotClassName'],
    [
      'no class where none shown is the default',
      snapshot(),
      known([snapshotClass('fast')]),
      'spec.volumeSnapshotClassName',
    ],
    [
      'a content, which may be anybody’s',
      snapshot({ source: { volumeSnapshotContentName: 'c' } }),
      known(),
      'spec.source.volumeSnapshotContentName',
    ],
  ])('is refused with %s', (_what, virtual, surroundings, field) => {
    expect(toHostSnapshot(virtual, ARTICLE, surroundings)).toMatchObject({ kind: 'refused', field });
  });

  it('stays when its class is no longer shown, and is never changed', () => {
    const translation = toHostSnapshot(named('gone'), ARTICLE, known([], true));
    if (translation.kind !== 'object') throw new Error('it does not stay');
    expect(snapshotChanges(translation.object, { ...translation.object, spec: named('x').spec })).toEqual([]);
  });
});

describe('what the host says of a snapshot', () => {
  const host = (status: VolumeSnapshot['status']): VolumeSnapshot => ({
    metadata: { name: 'snap-x-default-x-my-vcluster', namespace: ARTICLE.hostNamespace },
    spec: { source: {}, volumeSnapshotClassName: 'fast' },
    ...(status && { status }),
  });
  const READY = {
    boundVolumeSnapshotContentName: 'c-1',
    readyToUse: true,
    restoreSize: '1Gi',
    creationTime: '2026-01-01T00:00:00Z',
  };

  it('is told once its content is shown, with the class that was chosen', () => {
    expect(snapshotBack(host(READY), snapshot(), ARTICLE, () => true)).toEqual([
      { kind: 'patch', patch: { spec: { volumeSnapshotClassName: 'fast' } } },
      { kind: 'patch', patch: { status: READY }, subresource: 'status' },
    ]);
    expect(snapshotBack(host(READY), named('fast'), ARTICLE, () => false)).toEqual([]);
    expect(snapshotBack(host(READY), { ...named('fast'), status: READY }, ARTICLE, () => true)).toEqual([]);
  });

  it('names nothing of the host', () => {
    const message = `snapshot ${ARTICLE.hostNamespace}/snap-x-default-x-my-vcluster of data-x-default-x-my-vcluster failed`;
    const [change] = snapshotBack(host({ error: { message } }), named('fast'), ARTICLE, () => true);
    expect(change).toMatchObject({ patch: { status: { error: { message: 'snapshot default/snap of data failed' } } } });
    const error = { message: 'snapshot my-vcluster-default/snap of data failed' };
    const [own] = snapshotBack(host({ error }), named('fast'), PER_NAMESPACE, () => true);
    expect(own).toMatchObject({ patch: { status: { error: { message: 'snapshot default/snap of data failed' } } } });
  });
});

describe('the content shown for a snapshot', () => {
  const bound: VolumeSnapshot = {
    ...snapshot(),
    status: {
      boundVolumeSnapshotContentName: 'c-1',
      readyToUse: true,
      restoreSize: '1Gi',
      creationTime: '2026-01-01T00:00:00Z',
    },
  };
  const kind = contentOfSnapshot((name) => (name === 'fast' ? snapshotClass('fast') : undefined));

  it('is made of the snapshot and its class, and hides the handle', () => {
    expect(kind.boundTo(bound)).toBe('c-1');
    expect(kind.show('c-1', bound, named('fast'))).toMatchObject({
      metadata: { name: 'c-1' },
      spec: {
        deletionPolicy: 'Retain',
        driver: 'disk.example.com',
        source: { snapshotHandle: 'c-1' },
        volumeSnapshotRef: { namespace: 'default', name: 'snap', uid: 'snap-uid' },
      },
      status: { readyToUse: true, restoreSize: 1024 ** 3, creationTime: Date.parse('2026-01-01T00:00:00Z') * 1e6 },
    });
    expect(kind.show('c-1', bound, snapshot()).spec).toMatchObject({
      deletionPolicy: 'Delete',
      driver: 'hidden.sublet.dev',
    });
  });

  it('is put back when the tenant changes it', () => {
    const shown = kind.show('c-1', bound, snapshot());
    expect(kind.changes(shown, shown)).toEqual([]);
    expect(kind.changes(shown, { ...shown, spec: { ...shown.spec, deletionPolicy: 'Retain' } })).toEqual([
      { kind: 'patch', patch: { spec: { deletionPolicy: 'Delete' } } },
    ]);
    expect(kind.claimOf(shown)).toBe('default/snap');
  });
});
