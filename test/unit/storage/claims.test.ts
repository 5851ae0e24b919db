import { ANNOTATIONS } from '../../../lib/contract';
import { lostPhase } from '../../../syncer/storage/claims/back';
import { claimChanges } from '../../../syncer/storage/claims/changes';
import { type ClaimSurroundings, toHostClaim } from '../../../syncer/storage/claims/to-host';
import type { StorageClasses } from '../../../syncer/storage/classes/choose';
import { ARTICLE } from '../engine/context';
import { type ClaimWishes, hostClaim, storageClass, surroundings, virtualClaim } from './fixtures';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const HOST_NAME = 'data-x-default-x-my-vcluster';

const classes = (names: readonly string[]) => () =>
  names.map((name) => storageClass(name.replace('!', ''), name.endsWith('!')));
const shown = (...names: string[]): StorageClasses => ({ kind: 'shown', list: classes(names) });
const own = (...names: string[]): StorageClasses => ({ kind: 'own', list: classes(names) });

function translated(wishes: ClaimWishes, known: Partial<ClaimSurroundings> = {}) {
  const translation = toHostClaim(virtualClaim(wishes), ARTICLE, surroundings(known));
  if (translation.kind !== 'object') throw new Error(translation.reason);
  return translation.object;
}

describe('a claim on the host', () => {
  it('has its translated name, asks for the same, and carries nothing else of the tenant', () => {
    const { metadata, spec } = translated({
      metadata: {
        name: 'data',
        namespace: 'default',
        uid: 'claim-uid',
        annotations: { 'volume.kubernetes.io/storage-provisioner': 'evil.example.com' },
        finalizers: ['kubernetes.io/pvc-protection'],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }],
      },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Block',
        resources: { requests: { storage: '2Gi' }, limits: { storage: '3Gi' } },
      },
    });
    expect(metadata).toMatchObject({ name: HOST_NAME, namespace: ARTICLE.hostNamespace });
    expect(Object.keys(metadata.annotations ?? {}).every((key) => key.startsWith('vcluster.loft.sh/'))).toBe(true);
    expect([metadata.finalizers, metadata.ownerReferences?.map(({ kind }) => kind)]).toEqual([undefined, ['Service']]);
    expect(spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Block',
      resources: { requests: { storage: '2Gi' }, limits: { storage: '3Gi' } },
    });
  });

  it('selects volumes by the keys that labels have on the host', () => {
    const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] };
    const key = 'vcluster.loft.sh/label-my-vcluster-x-a172cedcae';
    expect(translated({ spec: { selector } }).spec.selector).toEqual({
      matchLabels: { [key]: 'a' },
      matchExpressions: [{ key, operator: 'In', values: ['a'] }],
    });
  });

  it.each<[string, StorageClasses, ClaimWishes, string | undefined]>([
    ['the host’s default where no classes are known', { kind: 'of-the-host' }, {}, undefined],
    [
      'any of the host where no classes are known',
      { kind: 'of-the-host' },
      { spec: { storageClassName: 'fast' } },
      'fast',
    ],
    ['one that is shown', shown('fast'), { spec: { storageClassName: 'fast' } }, 'fast'],
    ['the default of those shown', shown('fast', 'slow!'), {}, 'slow'],
    [
      'the old annotation before the field',
      shown('fast', 'slow'),
      {
        metadata: { annotations: { [BETA_CLASS]: 'slow' }, name: 'data', namespace: 'default' },
        spec: { storageClassName: 'fast' },
      },
      'slow',
    ],
    [
      'the copy of the tenant’s own',
      own('gold'),
      { spec: { storageClassName: 'gold' } },
      'vcluster-gold-x-vcluster-my-vcluster-x-my-vcluster',
    ],
    ['the copy of the tenant’s own default', own('gold!'), {}, 'vcluster-gold-x-vcluster-my-vcluster-x-my-vcluster'],
  ])('gets %s', (_what, classes, wishes, expected) => {
    expect(translated(wishes, { classes }).spec.storageClassName).toBe(expected);
  });

  it.each<[string, Partial<ClaimSurroundings>, ClaimWishes, string, string]>([
    [
      'a class that is not shown',
      { classes: shown('fast') },
      { spec: { storageClassName: 'secret' } },
      'ProvisioningFailed',
      'spec.storageClassName',
    ],
    [
      'a class that the tenant has not',
      { classes: own('gold') },
      { spec: { storageClassName: 'fast' } },
      'ProvisioningFailed',
      'spec.storageClassName',
    ],
    [
      'no class where none shown is the default',
      { classes: shown('fast') },
      {},
      'FailedBinding',
      'spec.storageClassName',
    ],
    [
      'the empty class, which would take any free volume of the host',
      {},
      { spec: { storageClassName: '' } },
      'FailedBinding',
      'spec.storageClassName',
    ],
    [
      'a volume that is not the tenant’s',
      {},
      { spec: { volumeName: 'pv-of-others' } },
      'FailedBinding',
      'spec.volumeName',
    ],
    [
      'a lost volume, instead of an empty one under its name',
      {},
      {
        metadata: { name: 'data', namespace: 'default', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
        spec: { volumeName: 'pvc-1' },
      },
      'ClaimLost',
      'spec.volumeName',
    ],
    [
      'a source of a kind that is not on the host',
      {},
      { spec: { dataSourceRef: { apiGroup: 'example.com', kind: 'Backup', name: 'b' } } },
      'ProvisioningFailed',
      'spec.dataSourceRef.kind',
    ],
    [
      'a source in another namespace',
      {},
      { spec: { dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'b', namespace: 'other' } } },
      'ProvisioningFailed',
      'spec.dataSourceRef.namespace',
    ],
    [
      'attributes that are not shown',
      { isAttributesClass: () => false },
      { spec: { volumeAttributesClassName: 'gold' } },
      'ProvisioningFailed',
      'spec.volumeAttributesClassName',
    ],
  ])('is refused with %s', (_what, known, wishes, reason, field) => {
    const translation = toHostClaim(virtualClaim(wishes), ARTICLE, surroundings(known));
    expect(translation).toMatchObject({ kind: 'refused', reason, field });
    expect((translation as { message: string }).message).toContain(field);
  });

  it.each([
    [
      'another claim',
      { kind: 'PersistentVolumeClaim', name: 'old' },
      { kind: 'PersistentVolumeClaim', name: 'old-x-default-x-my-vcluster' },
    ],
    [
      'a snapshot',
      { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'snap' },
      { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'snap-x-default-x-my-vcluster' },
    ],
  ])('takes its data from the host’s copy of %s', (_what, source, expected) => {
    const wishes = { spec: { dataSource: source, dataSourceRef: source } };
    expect(translated(wishes, { isSynced: () => true }).spec).toMatchObject({ dataSourceRef: expected });
  });

  it('names the tenant’s volume that it was given, and waits for one that is coming', () => {
    const given = translated({}, { volumeFor: () => ({ kind: 'volume', hostName: 'vcluster-v' }) });
    expect(given.spec).toMatchObject({ volumeName: 'vcluster-v', storageClassName: '' });
    const coming = toHostClaim(virtualClaim(), ARTICLE, surroundings({ volumeFor: () => ({ kind: 'coming' }) }));
    expect(coming.kind).toBe('wait');
  });

  it('stays what it is when its class or its volume’s name changes its meaning afterwards', () => {
    const known = { classes: shown('other'), hostCopy: () => hostClaim() };
    expect(
      toHostClaim(
        virtualClaim({ spec: { storageClassName: 'gone', volumeName: 'pvc-1' } }),
        ARTICLE,
        surroundings(known),
      ).kind,
    ).toBe('object');
  });

  it.each([
    ['is deleted as soon as only pods hold the tenant’s', ['kubernetes.io/pvc-protection'], 'skip'],
    [
      'stays as long as somebody else holds the tenant’s',
      ['kubernetes.io/pvc-protection', 'example.com/backup'],
      'object',
    ],
  ])('%s', (_what, finalizers, kind) => {
    const metadata = { name: 'data', namespace: 'default', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers };
    expect(toHostClaim(virtualClaim({ metadata }), ARTICLE, surroundings()).kind).toBe(kind);
  });

  it('carries the node that the tenant’s scheduler has chosen, and only then', () => {
    const metadata = { name: 'data', namespace: 'default', annotations: { [SELECTED_NODE]: 'node-1' } };
    expect(translated({ metadata }).metadata.annotations).not.toHaveProperty([SELECTED_NODE]);
    expect(translated({ metadata }, { schedulesItself: true }).metadata.annotations).toMatchObject({
      [SELECTED_NODE]: 'node-1',
      [ANNOTATIONS.selectedNode]: 'node-1',
    });
  });
});

describe('a change of a claim', () => {
  const wanting = (storage: string) => virtualClaim({ spec: { resources: { requests: { storage } } } });
  const asked = (storage: string, capacity: string) =>
    hostClaim({ spec: { resources: { requests: { storage } } }, status: { capacity: { storage: capacity } } });

  it.each([
    ['nothing when nothing differs', '1Gi', '1Gi', '1Gi', undefined],
    ['nothing when it is only written differently', '1024Mi', '1Gi', '1Gi', undefined],
    ['a greater size', '2Gi', '1Gi', '1Gi', '2Gi'],
    ['a smaller size than was asked for, to give up', '3Gi', '5Gi', '1Gi', '3Gi'],
    ['no smaller size than it has', '1Gi', '5Gi', '5Gi', undefined],
  ])('writes %s', (_what, wanted, requested, capacity, expected) => {
    const desired = toHostClaim(wanting(wanted), ARTICLE, surroundings());
    if (desired.kind !== 'object') throw new Error(desired.reason);
    const changes = claimChanges(desired.object, asked(requested, capacity));
    expect(changes).toEqual(
      expected === undefined
        ? []
        : [{ kind: 'patch', patch: { spec: { resources: { requests: { storage: expected } } } } }],
    );
  });

  it('reaches the host for the attributes of its volume, but is never taken away from there', () => {
    const desired = { ...hostClaim(), spec: { ...hostClaim().spec, volumeAttributesClassName: 'gold' } };
    expect(claimChanges(desired, hostClaim())).toEqual([
      { kind: 'patch', patch: { spec: { volumeAttributesClassName: 'gold' } } },
    ]);
    expect(claimChanges(hostClaim(), desired)).toEqual([]);
  });

  it('does not send a node again that the provisioner has taken back', () => {
    const annotations = { [SELECTED_NODE]: 'node-1', [ANNOTATIONS.selectedNode]: 'node-1' };
    const desired = hostClaim({ metadata: { annotations } });
    expect(claimChanges(desired, hostClaim())).toHaveLength(1);
    expect(
      claimChanges(desired, hostClaim({ metadata: { annotations: { [ANNOTATIONS.selectedNode]: 'node-1' } } })),
    ).toEqual([]);
  });
});

describe('a claim that was refused', () => {
  it.each([
    ['ClaimLost', 'Bound', [{ kind: 'patch', patch: { status: { phase: 'Lost' } }, subresource: 'status' }]],
    ['ClaimLost', 'Lost', []],
    ['FailedBinding', 'Pending', []],
  ])('with %s in phase %s shows what it is', (reason, phase, expected) => {
    expect(lostPhase(virtualClaim({ status: { phase } }), reason)).toEqual(expected);
  });
});
