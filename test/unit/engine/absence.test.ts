import { AbsenceGuard, type Brake, judgeStore, readStoreMark, type StoreMark } from '../../../syncer/engine/absence';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { MemoryApi } from './memory-api';

const { signal } = new AbortController();
const WEB: KubeObject = { metadata: { name: 'web', namespace: 'shop' } };
const OTHER: KubeObject = { metadata: { name: 'other', namespace: 'shop' } };

/** A guard over the services of a store that holds `shop/web`, having seen the store once. */
async function guarded() {
  const api = new MemoryApi('virtual');
  const web = api.put(RESOURCES.services, WEB);
  const cache = api.cache(RESOURCES.services);
  const brakes: (Brake | undefined)[] = [];
  const guard = new AbsenceGuard(api, (brake) => brakes.push(brake));
  guard.watch([cache]);
  await guard.checkStore(signal);
  api.take();
  const isGone = (uid: string | undefined = web.metadata.uid) => guard.isGone(cache, 'shop/web', uid, signal);
  return { api, cache, guard, brakes, isGone };
}

describe('row 28, allowed: a virtual object is taken for gone', () => {
  it('when the watch has seen its deletion, without a request', async () => {
    const { api, isGone } = await guarded();
    api.remove(RESOURCES.services, 'shop/web');
    expect(await isGone()).toBe(true);
    expect(api.requests).toEqual([]);
  });

  it('when nobody has seen the deletion, but its server says that there is none, and is asked whose store that is', async () => {
    const { api, cache, isGone } = await guarded();
    cache.lag();
    api.remove(RESOURCES.services, 'shop/web');
    cache.relist();
    expect(await isGone()).toBe(true);
    expect(api.requests).toEqual(['GET services shop/web', 'LIST namespaces']);
  });

  it('when another object has its name', async () => {
    const { api, cache, isGone } = await guarded();
    cache.lag();
    api.remove(RESOURCES.services, 'shop/web');
    api.put(RESOURCES.services, WEB);
    cache.relist();
    expect(await isGone()).toBe(true);
  });

  it('when it never came out of admission, and there is none of its name', async () => {
    const { api, guard, cache } = await guarded();
    expect(await guard.isGone(cache, 'shop/web', undefined, signal)).toBe(false);
    api.remove(RESOURCES.services, 'shop/web');
    expect(await guard.isGone(cache, 'shop/web', undefined, signal)).toBe(true);
  });
});

describe('row 28, denied: a virtual object is never taken for gone', () => {
  it('while its cache has not taken in a complete list', async () => {
    const { api, guard } = await guarded();
    const unsynced = api.cache(RESOURCES.services, { synced: false });
    api.remove(RESOURCES.services, 'shop/web');
    expect(await guard.isGone(unsynced, 'shop/web', 'another uid', signal)).toBe(false);
    expect(api.requests).toEqual([]);
  });

  it('while its API server can not be reached', async () => {
    const { api, isGone, cache } = await guarded();
    cache.lag();
    api.remove(RESOURCES.services, 'shop/web');
    api.reachable = false;
    await expect(isGone()).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
  });

  it('while its server still has it, whatever the cache says', async () => {
    const { isGone } = await guarded();
    expect(await isGone()).toBe(false);
  });

  it('when only an earlier object of its name was seen going', async () => {
    const { api, cache, guard } = await guarded();
    api.remove(RESOURCES.services, 'shop/web');
    cache.lag();
    const successor = api.put(RESOURCES.services, WEB);
    expect(await guard.isGone(cache, 'shop/web', successor.metadata.uid, signal)).toBe(false);
  });

  it('when the store has another kube-system: it is not the one that held the object', async () => {
    const { api, isGone, brakes } = await guarded();
    api.replaceStore();
    expect(await isGone()).toBe(false);
    expect(brakes).toMatchObject([{ kind: 'replaced' }]);
  });

  it('when the store has gone back in time', async () => {
    const { api, cache, isGone, brakes } = await guarded();
    cache.lag();
    api.remove(RESOURCES.services, 'shop/web');
    const restore = api.backup();
    api.put(RESOURCES.services, { metadata: { name: 'other', namespace: 'shop' } });
    cache.catchUp();
    expect(await isGone()).toBe(true);
    restore();
    cache.relist();
    expect(await isGone('the uid of an object that is in no backup')).toBe(false);
    expect(brakes).toMatchObject([{ kind: 'restored' }]);
  });

  it('while the store has no kube-system at all', async () => {
    const { api, cache, isGone } = await guarded();
    cache.lag();
    api.remove(RESOURCES.services, 'shop/web');
    api.remove(RESOURCES.namespaces, 'kube-system');
    await expect(isGone()).rejects.toMatchObject({ code: 'DELETION_BRAKE' });
  });
});

describe('the brake', () => {
  it('holds for a syncer that starts later and only remembers the store', async () => {
    const { api, guard } = await guarded();
    const { mark } = guard;
    api.replaceStore();
    const next = new AbsenceGuard(api, () => undefined);
    next.remember(mark, undefined);
    expect(await next.checkStore(signal)).toMatchObject({ kind: 'replaced' });
    expect(next.mark).toEqual(mark);
  });

  it('is lifted when an operator accepts the store by its UID, and only that store', async () => {
    const { api, guard, brakes } = await guarded();
    api.replaceStore();
    await guard.checkStore(signal);
    guard.remember(undefined, 'another uid');
    expect(await guard.checkStore(signal)).toBeDefined();
    guard.remember(undefined, (await readStoreMark(api))?.uid);
    expect(await guard.checkStore(signal)).toBeUndefined();
    expect(brakes.map((brake) => brake?.kind)).toEqual(['replaced', undefined]);
    guard.remember(undefined, undefined);
    expect(await guard.checkStore(signal)).toBeUndefined();
  });

  it('is told of once, however often it is found', async () => {
    const { api, guard, brakes } = await guarded();
    api.replaceStore();
    await guard.checkStore(signal);
    await guard.checkStore(signal);
    expect(brakes).toHaveLength(1);
  });

  it('does not move the mark: what a replaced store writes counts for nothing', async () => {
    const { api, guard } = await guarded();
    const { mark } = guard;
    api.replaceStore();
    await guard.checkStore(signal);
    for (let count = 0; count < 9; count += 1) api.put(RESOURCES.services, WEB);
    expect(guard.mark).toEqual(mark);
  });
});

describe('the mark of a store', () => {
  it('follows the watches', async () => {
    const { api, guard } = await guarded();
    const { metadata } = api.put(RESOURCES.services, OTHER);
    expect(guard.mark?.resourceVersion).toBe(metadata.resourceVersion);
    expect(api.requests).toEqual([]);
  });

  it('is not that of a syncer before, once the store was seen', async () => {
    const { guard } = await guarded();
    const { mark } = guard;
    guard.remember({ uid: 'x', resourceVersion: '1' }, undefined);
    expect(guard.mark).toEqual(mark);
  });

  it('is that of the syncer that leads, as long as another one does', async () => {
    const { guard } = await guarded();
    const led = { uid: 'x', resourceVersion: '1' };
    guard.remember(led, undefined, true);
    expect(guard.mark).toEqual(led);
    guard.remember(undefined, undefined, true);
    expect(guard.mark).toEqual(led);
  });

  it('may be ahead of what another API server has seen so far', async () => {
    const { api, guard } = await guarded();
    const { uid = '', resourceVersion = '' } = guard.mark ?? {};
    const ahead = { uid, resourceVersion: String(BigInt(resourceVersion) + 1n) };
    const brakes: unknown[] = [];
    const lagging = new AbsenceGuard(api, (brake) => brakes.push(brake), 50);
    lagging.remember(ahead, undefined, true);
    const checked = lagging.checkStore(signal);
    for (let count = 0; count < 2; count += 1) api.put(RESOURCES.services, OTHER);
    expect(await checked).toBeUndefined();
    expect(brakes).toEqual([]);
    lagging.remember({ ...ahead, resourceVersion: '999999' }, undefined, true);
    expect(await lagging.checkStore(signal)).toMatchObject({ kind: 'restored' });
  });

  const mark = (uid: string, resourceVersion: string): StoreMark => ({ uid, resourceVersion });
  it.each<[string, StoreMark | undefined, StoreMark, string | undefined, Brake['kind'] | undefined]>([
    ['the first store ever seen', undefined, mark('a', '1'), undefined, undefined],
    ['the same one further on', mark('a', '9'), mark('a', '10'), undefined, undefined],
    ['the same one where it was', mark('a', '9'), mark('a', '9'), undefined, undefined],
    ['the same one further back', mark('a', '10'), mark('a', '9'), undefined, 'restored'],
    ['the same one further back, accepted', mark('a', '10'), mark('a', '9'), 'a', undefined],
    ['another one', mark('a', '10'), mark('b', '99'), undefined, 'replaced'],
    ['another one, while a third is accepted', mark('a', '10'), mark('b', '99'), 'c', 'replaced'],
    ['another one, accepted', mark('a', '10'), mark('b', '1'), 'b', undefined],
  ])('judges %s', (_case, remembered, found, accepted, kind) => {
    expect(judgeStore(remembered, found, accepted)?.kind).toBe(kind);
  });
});

describe('a deletion that was carried out', () => {
  it('is forgotten: the next question goes to the server', async () => {
    const { api, cache, guard, isGone } = await guarded();
    api.remove(RESOURCES.services, 'shop/web');
    guard.settle(cache, 'shop/web');
    expect(await isGone()).toBe(true);
    expect(api.requests).toEqual(['GET services shop/web', 'LIST namespaces']);
  });
});
