import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { createRecorder } from '../../../syncer/engine/recorder';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import { CompanionSyncer } from '../../../syncer/storage/companion';
import { BY_BOUND } from '../../../syncer/storage/companion-declaration';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../syncer/storage/types';
import { VolumeBinder } from '../../../syncer/storage/volumes/bind';
import { claimReference, volumeOfClaim } from '../../../syncer/storage/volumes/of-claim';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { hostClaim, virtualClaim, volume } from './fixtures';

const signal = new AbortController().signal;
const { persistentVolumeClaims: claims, persistentVolumes: volumes, events } = RESOURCES;

describe('giving volumes to claims', () => {
  function binding(onHost: readonly string[] = []) {
    const api = new MemoryApi('virtual');
    const binder = new VolumeBinder({
      claims: new Side(api.cache<PersistentVolumeClaim>(claims), api),
      volumes: new Side(api.cache<PersistentVolume>(volumes), api),
      isOnHost: (key) => onHost.includes(key),
      classOf: ({ spec }) => spec.storageClassName ?? '',
      bindsAtOnce: () => true,
    });
    const put = (object: PersistentVolume) => api.put(volumes, object);
    const get = (name: string) => api.peek<PersistentVolume>(volumes, name);
    return { api, binder, put, get };
  }
  const claim = (name: string) => virtualClaim({ metadata: { name, namespace: 'default', uid: name } });

  it('gives one volume to one claim, however many ask at once', async () => {
    const { api, binder, put, get } = binding();
    put(volume('v'));
    for (const name of ['a', 'b']) api.put(claims, claim(name));
    expect(await binder.reconcile('default/a')).toEqual({ kind: 'patched' });
    expect(await binder.reconcile('default/b')).toEqual({ kind: 'unchanged' });
    expect(await binder.reconcile('default/a')).toEqual({ kind: 'unchanged' });
    expect(get('v')?.spec.claimRef).toEqual(claimReference(claim('a')));
  });

  it('gives nothing to a claim that the host serves already', async () => {
    const { api, binder, put } = binding(['default/a']);
    put(volume('v'));
    api.put(claims, claim('a'));
    expect(await binder.reconcile('default/a')).toEqual({ kind: 'unchanged' });
  });

  it('takes a volume back whose claim got another one after all', async () => {
    const { api, binder, put, get } = binding();
    put(volume('v'));
    api.put(claims, claim('a'));
    await binder.reconcile('default/a');
    api.put(claims, { ...claim('a'), spec: { ...claim('a').spec, volumeName: 'pvc-1' } });
    expect(await binder.reconcile('v')).toEqual({ kind: 'patched' });
    expect(get('v')?.spec.claimRef).toBeUndefined();
    await binder.reconcile('v');
    expect(get('v')?.status?.phase).toBe('Available');
  });

  it.each<[string, Parameters<typeof volume>[1], readonly string[], string | undefined]>([
    ['available without a claim', {}, [], 'Available'],
    ['released when its claim is gone', { claimRef: claimReference(claim('gone')) }, [], 'Released'],
    ['what the host says when it is there', {}, ['v'], undefined],
    ['not yet bound while it names a claim to come', { claimRef: { namespace: 'default', name: 'a' } }, [], undefined],
  ])('shows a volume as %s', async (_what, spec, onHost, expected) => {
    const { binder, put, get } = binding(onHost);
    put(volume('v', spec));
    await binder.reconcile('v');
    expect(get('v')?.status?.phase).toBe(expected);
    expect(await binder.reconcile('v')).toEqual({ kind: 'unchanged' });
  });

  it('lets volumes alone that are shown', async () => {
    const { binder, put } = binding();
    put(volume('v', {}, { labels: { [LABELS.imported]: 'true' }, annotations: { [ANNOTATIONS.importedUid]: 'u' } }));
    expect(await binder.reconcile('v')).toEqual({ kind: 'unchanged' });
  });
});

describe('showing volumes of claims', () => {
  const BOUND = { spec: { volumeName: 'pvc-1' }, status: { phase: 'Bound', capacity: { storage: '1Gi' } } };

  function showing() {
    const virtual = new MemoryApi('virtual');
    const host = new MemoryApi('host');
    const hostCache = host.cache<PersistentVolumeClaim>(claims, {
      indexers: { [BY_BOUND]: ({ spec }) => (spec.volumeName === undefined ? [] : [spec.volumeName]) },
    });
    const syncer = new CompanionSyncer<PersistentVolumeClaim, PersistentVolume>({
      kind: volumeOfClaim({
        classOf: () => undefined,
        isTenants: () => false,
        hostVolume: () => undefined,
        isHandedOver: () => false,
        hostClaim: (key) => key,
      }),
      context: ARTICLE,
      shown: new Side(virtual.cache<PersistentVolume>(volumes), virtual),
      claims: {
        virtual: new Side(virtual.cache<PersistentVolumeClaim>(claims), virtual),
        host: new Side(hostCache, host),
      },
      claimsBoundTo: (name) => hostCache.byIndex(BY_BOUND, name),
      recorder: createRecorder(virtual, () => undefined),
    });
    const reconcile = () => syncer.reconcile('pvc-1', signal);
    const shown = () => virtual.peek<PersistentVolume>(volumes, 'pvc-1');
    return { virtual, host, hostCache, reconcile, shown };
  }
  function bound() {
    const both = showing();
    both.virtual.put(claims, virtualClaim());
    both.host.put(claims, hostClaim(BOUND));
    return both;
  }

  it('shows a volume once the claim is bound, bound as well, and then writes nothing more', async () => {
    const { virtual, reconcile, shown } = bound();
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(shown()?.status?.phase).toBe('Bound');
    expect(virtual.writes.filter((line) => line.includes('persistentvolumes'))).toHaveLength(1);
  });

  it('keeps it while the host’s claim is still going', async () => {
    const { virtual, reconcile, shown } = bound();
    await reconcile();
    virtual.remove(claims, 'default/data');
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(shown()).toBeDefined();
  });

  it('removes it when the host’s claim is gone, and not before the host says so itself', async () => {
    const { host, hostCache, reconcile, shown } = bound();
    await reconcile();
    hostCache.lag();
    host.remove(claims, `${ARTICLE.hostNamespace}/data-x-default-x-my-vcluster`);
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    hostCache.catchUp();
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(shown()).toBeUndefined();
  });

  it('leaves alone what the tenant has under the name, and says so', async () => {
    const { virtual, reconcile, shown } = bound();
    virtual.put(volumes, volume('pvc-1'));
    expect(await reconcile()).toEqual({ kind: 'conflict', reason: 'NameTaken' });
    expect(shown()?.spec.nfs).toBeDefined();
    expect(virtual.keys(events)).toHaveLength(1);
  });

  it('shows nothing for a claim that bears our names without being ours', async () => {
    const { host, reconcile } = showing();
    host.put(claims, { ...hostClaim(BOUND), metadata: { ...hostClaim(BOUND).metadata, ownerReferences: [] } });
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
  });
});
