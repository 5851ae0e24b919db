import { ANNOTATIONS, hostName } from '../../../lib/contract';
import { type ConfigMap, configChanges, toHostConfigMap, withoutData } from '../../../syncer/config';
import { AbsenceGuard } from '../../../syncer/engine/absence';
import { KindSyncer } from '../../../syncer/engine/kind-syncer';
import { hostMetadata } from '../../../syncer/engine/metadata';
import { createRecorder } from '../../../syncer/engine/recorder';
import { Side } from '../../../syncer/engine/side';
import { ARTICLE } from './context';
import type { MemoryApi } from './memory-api';
import { configMaps, HOST_KEY, KEY, signal, synced, syncing, WEB } from './syncing';

/** A host copy as admission makes it: before its virtual object has a UID. */
function pending(since: number): ConfigMap {
  const { [ANNOTATIONS.objectUid]: _, ...annotations } = hostMetadata(WEB, ARTICLE).annotations;
  const mark = { [ANNOTATIONS.pendingSince]: new Date(since).toISOString() };
  return { metadata: { ...hostMetadata(WEB, ARTICLE), annotations: { ...annotations, ...mark } } };
}

describe('nothing is deleted on doubt', () => {
  it('not when a fresh list lacks the object, but its server has it', async () => {
    const { virtual, virtualCache, reconcile, copy } = await synced();
    const restore = virtual.backup();
    virtualCache.lag();
    virtual.remove(configMaps, KEY);
    virtualCache.relist();
    restore();
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(copy()).toBeDefined();
  });

  it('not when the virtual API server can not be reached', async () => {
    const { virtual, virtualCache, reconcile, copy } = await synced();
    virtualCache.lag();
    virtual.remove(configMaps, KEY);
    virtualCache.relist();
    virtual.reachable = false;
    await expect(reconcile()).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    expect(copy()).toBeDefined();
  });

  it.each<[string, (virtual: MemoryApi, rewind: () => void) => void]>([
    ['has another kube-system', (virtual) => virtual.replaceStore()],
    ['has gone back in time', (_virtual, rewind) => rewind()],
  ])('not when the virtual store %s', async (_how, act) => {
    const both = syncing();
    const rewind = both.virtual.backup();
    both.virtual.put(configMaps, WEB);
    await both.reconcile();
    await both.absence.checkStore(signal);
    act(both.virtual, rewind);
    both.virtualCache.relist();
    expect(await both.reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(both.copy()).toBeDefined();
  });

  it('not while the virtual cache has not been filled', async () => {
    const both = await synced();
    const unsynced = both.virtual.cache<ConfigMap>(configMaps, { synced: false });
    const absence = new AbsenceGuard(both.virtual, () => undefined);
    both.virtual.remove(configMaps, KEY);
    const syncer = new KindSyncer<ConfigMap, ConfigMap>({
      kind: {
        resource: configMaps,
        trigger: 'always',
        translate: (v) => toHostConfigMap(v, ARTICLE),
        changes: configChanges,
      },
      context: ARTICLE,
      virtual: new Side(unsynced, both.virtual),
      host: new Side(both.hostCache, both.host, withoutData),
      absence,
      references: both.references,
      recorder: createRecorder(both.virtual, () => undefined),
      now: () => both.virtual.now,
    });
    expect(await syncer.reconcile(KEY, signal)).toEqual({ kind: 'unconfirmed' });
    expect(both.copy()).toBeDefined();
  });

  it('not the copy of an earlier object, while the brake is on', async () => {
    const { virtual, virtualCache, absence, reconcile, copy } = await synced();
    virtual.replaceStore();
    virtual.put(configMaps, WEB);
    virtualCache.relist();
    await absence.checkStore(signal);
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(copy()).toBeDefined();
  });

  it('and only the very object that was looked at: another that came in its place stays', async () => {
    const { virtual, host, hostCache, reconcile, copy } = await synced();
    hostCache.lag();
    host.remove(configMaps, HOST_KEY);
    host.put(configMaps, {
      metadata: { name: hostName('web', 'shop', ARTICLE.cluster), namespace: ARTICLE.hostNamespace },
    });
    virtual.remove(configMaps, KEY);
    await reconcile();
    expect(copy()).toBeDefined();
  });
});

describe('a copy that admission made for an object to come', () => {
  it('becomes the copy of the object that comes', async () => {
    const both = syncing();
    both.host.put(configMaps, pending(both.virtual.now));
    const web = both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'patched' });
    expect(both.copy()?.metadata.annotations?.[ANNOTATIONS.objectUid]).toBe(web.metadata.uid);
    expect(both.copy()?.metadata.annotations).not.toHaveProperty([ANNOTATIONS.pendingSince]);
  });

  it('waits two minutes for it', async () => {
    const both = syncing();
    both.host.put(configMaps, pending(both.virtual.now));
    both.virtual.now += 119_000;
    expect(await both.reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(both.copy()).toBeDefined();
    both.virtual.now += 1_000;
    expect(await both.reconcile()).toEqual({ kind: 'deleted' });
    expect(both.copy()).toBeUndefined();
  });

  it('waits on, if an object of that name exists that the watch has yet to bring', async () => {
    const both = syncing();
    both.host.put(configMaps, pending(both.virtual.now));
    both.virtual.now += 600_000;
    both.virtualCache.lag();
    both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'unconfirmed' });
  });

  it('also when the object exists, as it was before a change that calls for a copy', async () => {
    const both = syncing({ translate: () => ({ kind: 'skip', reason: 'not yet' }) });
    both.virtual.put(configMaps, WEB);
    both.host.put(configMaps, pending(both.virtual.now));
    expect(await both.reconcile()).toEqual({ kind: 'unconfirmed' });
    both.virtual.now += 600_000;
    expect(await both.reconcile()).toEqual({ kind: 'deleted' });
  });
});

describe('nothing foreign is touched', () => {
  const [namespace, name] = HOST_KEY.split('/');
  const FOREIGN: ConfigMap = { metadata: { name: name ?? '', namespace: namespace ?? '' }, data: { theirs: 'yes' } };

  it.each<[string, boolean]>([
    ['that the watch brings', false],
    ['that no watch of ours brings', true],
  ])('an object in the way %s stays, and the tenant is told', async (_case, isUnseen) => {
    const both = syncing();
    if (isUnseen) both.hostCache.lag();
    both.host.put(configMaps, FOREIGN);
    both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'conflict', reason: 'NameTaken' });
    expect(both.copy()?.data).toEqual({ theirs: 'yes' });
    expect(both.warnings()).toEqual(['NameTaken']);
  });

  it('when its namesake in the virtual cluster goes', async () => {
    const both = syncing();
    both.host.put(configMaps, FOREIGN);
    both.virtual.put(configMaps, WEB);
    both.virtual.remove(configMaps, KEY);
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect(both.host.writes).toEqual([]);
  });

  it('nor the copy of another virtual object whose name translates alike', async () => {
    const both = syncing();
    const twin: ConfigMap = { metadata: { name: 'a-x-b', namespace: 'c', uid: 'u9' } };
    const virtual: ConfigMap = { metadata: { name: 'a', namespace: 'b-x-c' } };
    expect(hostName('a-x-b', 'c', ARTICLE.cluster)).toBe(hostName('a', 'b-x-c', ARTICLE.cluster));
    both.host.put(configMaps, { metadata: hostMetadata(twin, ARTICLE) });
    both.virtual.put(configMaps, virtual);
    expect(await both.syncer.reconcile('b-x-c/a', signal)).toEqual({ kind: 'conflict', reason: 'NameCollision' });
    expect(both.host.writes).toEqual([]);
    both.virtual.remove(configMaps, 'b-x-c/a');
    expect(await both.syncer.reconcile('b-x-c/a', signal)).toEqual({ kind: 'unchanged' });
    expect(both.host.writes).toEqual([]);
  });

  it('but what a controller of the host left behind for this cluster may be replaced', async () => {
    const both = syncing({ replaces: ({ metadata }) => metadata.labels?.of === 'a controller' });
    both.host.put(configMaps, { ...FOREIGN, metadata: { ...FOREIGN.metadata, labels: { of: 'a controller' } } });
    both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'created' });
    expect(both.copy()?.data).toEqual({ color: 'red' });
  });
});

describe('a deletion that was seen', () => {
  it('is forgotten when there is no copy to delete, however many objects come and go', async () => {
    const { virtual, virtualCache, absence, host, reconcile } = await synced();
    const uid = virtual.peek(configMaps, KEY)?.metadata.uid;
    host.remove(configMaps, HOST_KEY);
    virtual.remove(configMaps, KEY);
    await reconcile();
    virtual.take();
    await absence.isGone(virtualCache, KEY, uid, signal);
    expect(virtual.requests).not.toEqual([]);
  });
});
