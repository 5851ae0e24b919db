import { VOLUME_SOURCES } from '../../../lib/contract';
import { hostKeyOf } from '../../../syncer/engine/placement';
import type { PersistentVolume, VolumeSpec } from '../../../syncer/storage/types';
import { matchVolume } from '../../../syncer/storage/volumes/match';
import { claimReference, shownVolumeChanges, volumeOfClaim } from '../../../syncer/storage/volumes/of-claim';
import { hostVolumeSource, secretsOf } from '../../../syncer/storage/volumes/sources';
import { toHostVolume, volumeBack, volumeChanges } from '../../../syncer/storage/volumes/to-host';
import { ARTICLE, PER_NAMESPACE } from '../engine/context';
import { hostClaim, storageClass, virtualClaim, volume } from './fixtures';

const HOST_CLAIM = 'data-x-default-x-my-vcluster';
const BOUND = {
  spec: { volumeName: 'pvc-1', storageClassName: 'fast' },
  status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
};

describe('the volume shown for a claim', () => {
  const kind = (hostVolume?: PersistentVolume, tenants: readonly string[] = []) =>
    volumeOfClaim({
      classOf: (name) => (name === 'fast' ? storageClass('fast', false, { reclaimPolicy: 'Retain' }) : undefined),
      isTenants: (name) => tenants.includes(name),
      hostVolume: () => hostVolume,
      isHandedOver: () => false,
      hostClaim: (key) => hostKeyOf(key, ARTICLE),
    });

  it('is made of the claim alone: what it offers, whose it is, and nothing of where it is', () => {
    expect(kind().show('pvc-1', hostClaim(BOUND), virtualClaim())).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-1', annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'fast',
        volumeMode: 'Filesystem',
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace: 'default',
          name: 'data',
          uid: 'claim-uid',
        },
        csi: { driver: 'hidden.sublet.dev', volumeHandle: 'pvc-1' },
      },
      status: { phase: 'Bound' },
    });
  });

  it('tells more where the host’s volumes are read, but no handle, path or Secret', () => {
    const real = volume('pvc-1', {
      capacity: { storage: '2Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      nodeAffinity: { required: {} },
      csi: {
        driver: 'disk.example.com',
        volumeHandle: 'vol-0123',
        nodeStageSecretRef: { name: 'key', namespace: 'host' },
      },
    });
    const shown = kind(real).show('pvc-1', hostClaim(BOUND), virtualClaim());
    expect(shown.spec).toMatchObject({
      capacity: { storage: '2Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      nodeAffinity: { required: {} },
      csi: { driver: 'disk.example.com', volumeHandle: 'pvc-1' },
    });
    expect(JSON.stringify(shown)).not.toMatch(/vol-0123|key|files/);
  });

  it.each([
    ['a claim that is not bound', { ...BOUND, status: { phase: 'Pending' } }, []],
    ['a volume that the tenant made', BOUND, ['pvc-1']],
  ])('is not there for %s', (_what, wishes, tenants) => {
    expect(kind(undefined, tenants).boundTo(hostClaim(wishes))).toBeUndefined();
  });

  it('stays when the host keeps the volume of a claim that is gone', () => {
    const shown = kind().show('pvc-1', hostClaim(BOUND), virtualClaim());
    const kept: PersistentVolume = {
      ...volume('pvc-1', { claimRef: { namespace: ARTICLE.hostNamespace, name: HOST_CLAIM } }),
      status: { phase: 'Released' },
    };
    expect(kind(kept).lingering?.('pvc-1', shown)?.status).toEqual({ phase: 'Released' });
    for (const claimRef of [
      { namespace: ARTICLE.hostNamespace, name: 'other' },
      { namespace: 'another-team', name: HOST_CLAIM },
    ])
      expect(kind(volume('pvc-1', { claimRef })).lingering?.('pvc-1', shown)).toBeUndefined();
    expect(kind().lingering?.('pvc-1', shown)).toBeUndefined();
  });

  it('is put back when the tenant changes it, and let go before it is deleted', () => {
    const shown = kind().show('pvc-1', hostClaim(BOUND), virtualClaim());
    const changed = { ...shown, spec: { ...shown.spec, capacity: { storage: '9Gi' } }, status: { phase: 'Pending' } };
    expect(shownVolumeChanges(shown, shown)).toEqual([]);
    expect(shownVolumeChanges(shown, changed)).toEqual([
      { kind: 'patch', patch: { spec: { capacity: { storage: '1Gi' } } } },
      { kind: 'patch', patch: { status: { phase: 'Bound' } }, subresource: 'status' },
    ]);
    expect(kind().release?.(shown)).toEqual([
      { kind: 'patch', patch: { status: { phase: 'Released' } }, subresource: 'status' },
    ]);
    expect(kind().release?.(changed)).toEqual([]);
  });
});

describe('the tenant’s volume that a claim gets', () => {
  const claim = virtualClaim();
  const sized = (name: string, storage: string, spec: VolumeSpec = {}) =>
    volume(name, { capacity: { storage }, ...spec });
  const taken = { namespace: 'default', name: 'other', uid: 'x' };

  it.each<[string, PersistentVolume[], string | undefined]>([
    ['the smallest that is large enough', [sized('c', '5Gi'), sized('b', '2Gi'), sized('a', '512Mi')], 'b'],
    ['of equal ones the first by name', [sized('b', '1Gi'), sized('a', '1Gi')], 'a'],
    ['none of another class', [sized('a', '1Gi', { storageClassName: 'x' })], undefined],
    ['none of another mode', [sized('a', '1Gi', { volumeMode: 'Block' })], undefined],
    ['none that can’t be accessed so', [sized('a', '1Gi', { accessModes: ['ReadOnlyMany'] })], undefined],
    ['none that another claim has', [sized('a', '1Gi', { claimRef: taken })], undefined],
    ['none that is being deleted', [volume('a', {}, { deletionTimestamp: 'now' })], undefined],
    [
      'one that names it, whatever it is',
      [sized('b', '1Gi'), sized('a', '1Mi', { claimRef: { namespace: 'default', name: 'data' } })],
      'a',
    ],
    [
      'none that names an earlier claim of its name',
      [sized('a', '1Gi', { claimRef: { ...claimReference(claim), uid: 'earlier' } })],
      undefined,
    ],
  ])('is %s', (_what, volumes, expected) => {
    expect(matchVolume(claim, '', volumes, true)?.metadata.name).toBe(expected);
  });

  it('is the one that it names, if that fits', () => {
    const naming = virtualClaim({ spec: { ...claim.spec, volumeName: 'b' } });
    expect(matchVolume(naming, '', [sized('a', '1Gi'), sized('b', '2Gi')], true)?.metadata.name).toBe('b');
    expect(matchVolume(naming, '', [sized('a', '1Gi'), sized('b', '1Mi')], true)).toBeUndefined();
  });

  it('is one that its selector selects', () => {
    const selector = { matchLabels: { tier: 'gold' }, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] };
    const selecting = virtualClaim({ spec: { ...claim.spec, selector } });
    const volumes = [
      volume('a'),
      volume('b', {}, { labels: { tier: 'gold', old: 'y' } }),
      volume('c', {}, { labels: { tier: 'gold' } }),
    ];
    expect(matchVolume(selecting, '', volumes, true)?.metadata.name).toBe('c');
  });

  it('is none as long as the scheduler has to choose', () => {
    expect(matchVolume(claim, '', [sized('a', '1Gi')], false)).toBeUndefined();
  });
});

describe('a tenant’s volume on the host', () => {
  const claimed = (spec: VolumeSpec = {}) => volume('v', { claimRef: claimReference(virtualClaim()), ...spec });
  const known = (hostCopy?: PersistentVolume, hasClaim = true) => ({
    sources: ['csi', 'nfs', 'iscsi', 'fc'] as const,
    hostCopy: () => hostCopy,
    hasClaim: () => hasClaim,
  });
  const translate = (v: PersistentVolume, surroundings = known()) =>
    toHostVolume(v, ARTICLE, { ...surroundings, sources: [...surroundings.sources] });

  it('is bound to the host’s copy of its claim, so that nobody else can have it', () => {
    expect(translate(claimed({ storageClassName: 'manual', persistentVolumeReclaimPolicy: 'Retain' }))).toMatchObject({
      kind: 'object',
      object: {
        metadata: { name: 'vcluster-v-x-vcluster-my-vcluster-x-my-vcluster' },
        spec: {
          capacity: { storage: '1Gi' },
          nfs: { server: 'files', path: '/v' },
          persistentVolumeReclaimPolicy: 'Retain',
          claimRef: { kind: 'PersistentVolumeClaim', namespace: ARTICLE.hostNamespace, name: HOST_CLAIM },
        },
      },
    });
  });

  it.each<[string, PersistentVolume, ReturnType<typeof known>, string]>([
    ['stays away without a claim', volume('v'), known(), 'skip'],
    ['stays away when its claim is gone', claimed(), known(undefined, false), 'skip'],
    ['stays when its claim is gone but it was there', claimed(), known(volume('x'), false), 'object'],
    [
      'stays when its bound claim is no longer named',
      volume('v'),
      known({ ...volume('x'), status: { phase: 'Bound' } }),
      'wait',
    ],
    ['goes when it is given up', volume('v'), known({ ...volume('x'), status: { phase: 'Released' } }), 'skip'],
  ])('%s', (_what, v, surroundings, expected) => {
    expect(translate(v, surroundings).kind).toBe(expected);
  });

  it.each(['hostPath', 'local', 'awsElasticBlockStore', 'flexVolume'])(
    'never lies in %s unless that was declared',
    (source) => {
      const { nfs: _, ...spec } = claimed().spec;
      const v = { ...claimed(), spec: { ...spec, [source]: { path: '/etc' } } };
      expect(translate(v)).toMatchObject({ kind: 'refused', reason: 'VolumeSourceRefused', field: `spec.${source}` });
    },
  );

  it('has one source, not a harmless one beside a forbidden one', () => {
    expect(translate(claimed({ hostPath: { path: '/etc' } })).kind).toBe('refused');
  });

  it('never starts pods on the host to be wiped', () => {
    expect(translate(claimed({ persistentVolumeReclaimPolicy: 'Recycle' }))).toMatchObject({
      field: 'spec.persistentVolumeReclaimPolicy',
    });
  });

  it('reads the Secrets of the virtual cluster, and passes on no field that is not known', () => {
    const csi = {
      driver: 'd',
      volumeHandle: 'h',
      nodeStageSecretRef: { name: 'key', namespace: 'shop' },
      unknown: 'x',
    };
    const { nfs: _, ...spec } = claimed().spec;
    const v = { ...claimed(), spec: { ...spec, csi } };
    expect(hostVolumeSource(v, VOLUME_SOURCES, ARTICLE)).toEqual({
      kind: 'source',
      source: {
        csi: {
          driver: 'd',
          volumeHandle: 'h',
          nodeStageSecretRef: { name: 'key-x-shop-x-my-vcluster', namespace: ARTICLE.hostNamespace },
        },
      },
    });
    expect(secretsOf(v)).toMatchObject([{ name: 'key', namespace: 'shop', resource: { kind: 'Secret' } }]);
  });

  it('changes where Kubernetes allows that, and moves with its claim', () => {
    const translation = translate(claimed());
    if (translation.kind !== 'object') throw new Error(translation.reason);
    const current = translation.object;
    const bound = {
      ...current,
      spec: { ...current.spec, claimRef: { ...current.spec.claimRef, uid: 'u', resourceVersion: '1' } },
    };
    expect(volumeChanges(current, bound)).toEqual([]);
    expect(
      volumeChanges({ ...current, spec: { ...current.spec, persistentVolumeReclaimPolicy: 'Delete' } }, bound),
    ).toEqual([{ kind: 'patch', patch: { spec: { persistentVolumeReclaimPolicy: 'Delete' } } }]);
    const moved = { ...current, spec: { ...current.spec, claimRef: { ...current.spec.claimRef, name: 'x' } } };
    expect(volumeChanges(moved, bound)).toMatchObject([{ kind: 'recreate' }]);
    const elsewhere = { ...current.spec.claimRef, namespace: 'acme-b' };
    expect(volumeChanges({ ...current, spec: { ...current.spec, claimRef: elsewhere } }, bound)).toMatchObject([
      { kind: 'recreate' },
    ]);
  });

  it('tells what became of it in the tenant’s names', () => {
    const host: PersistentVolume = {
      ...volume('vcluster-v', { claimRef: { name: HOST_CLAIM } }),
      status: { phase: 'Failed', message: `vcluster-v of ${HOST_CLAIM} in ${ARTICLE.hostNamespace} can't be deleted` },
    };
    expect(volumeBack(host, claimed(), ARTICLE)).toEqual([
      {
        kind: 'patch',
        subresource: 'status',
        patch: { status: { phase: 'Failed', message: "v of data in default can't be deleted" } },
      },
    ]);
    expect(volumeBack({ ...host, status: { phase: 'Available' } }, claimed(), ARTICLE)).toEqual([]);
    const apart = { ...host, status: { phase: 'Failed', message: 'not in my-vcluster-default' } };
    expect(volumeBack(apart, claimed(), PER_NAMESPACE)).toMatchObject([
      { patch: { status: { message: 'not in default' } } },
    ]);
  });
});
