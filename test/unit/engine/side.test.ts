import { Side, splitKey } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { MemoryApi } from './memory-api';

interface Config extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

const KEY = 'shop/web';
const WEB: Config = { metadata: { name: 'web', namespace: 'shop' }, data: { a: '1' } };

/** A side whose watch has stopped bringing news. */
function lagging(transform?: (object: Config) => Config) {
  const api = new MemoryApi();
  const cache = api.cache<Config>(RESOURCES.configMaps, transform === undefined ? {} : { transform });
  cache.lag();
  return { api, cache, side: new Side(cache, api, transform) };
}

describe('what was written is read back at once', () => {
  it('after a creation that the watch has not brought yet', async () => {
    const { api, cache, side } = lagging();
    const created = await side.create(WEB);
    expect(cache.get(KEY)).toBeUndefined();
    expect(side.get(KEY)).toEqual(created);
    expect(api.take()).toEqual(['POST configmaps shop/web']);
  });

  it('after a patch that the watch has not brought yet', async () => {
    const { cache, side } = lagging();
    await side.create(WEB);
    cache.catchUp();
    cache.lag();
    await side.patch(KEY, { data: { a: '2' } });
    expect(cache.get(KEY)?.data).toEqual({ a: '1' });
    expect(side.get(KEY)?.data).toEqual({ a: '2' });
  });

  it('in the form in which the cache keeps it', async () => {
    const { cache, side } = lagging(({ data: _, ...rest }) => rest);
    await side.create(WEB);
    const written = side.get(KEY);
    expect(written).not.toHaveProperty('data');
    cache.catchUp();
    expect(side.get(KEY)).toEqual(written);
  });

  it('when the watch was faster than the answer, as the cache has it', async () => {
    const { cache, side } = lagging();
    cache.catchUp();
    await side.create(WEB);
    expect(side.get(KEY)).toBe(cache.get(KEY));
  });
});

describe('what others write counts', () => {
  it('as soon as the watch brings something newer than our own write', async () => {
    const { api, cache, side } = lagging();
    await side.create(WEB);
    api.put<Config>(RESOURCES.configMaps, { ...WEB, data: { a: 'theirs' } });
    expect(side.get(KEY)?.data).toEqual({ a: '1' });
    cache.catchUp();
    expect(side.get(KEY)?.data).toEqual({ a: 'theirs' });
  });

  it('but not what the watch brings of the time before our write', async () => {
    const { api, cache, side } = lagging();
    cache.catchUp();
    api.put<Config>(RESOURCES.configMaps, { ...WEB, data: { a: 'earlier' } });
    cache.lag();
    await side.patch(KEY, { data: { a: 'ours' } });
    expect(side.get(KEY)?.data).toEqual({ a: 'ours' });
  });

  it('when they delete what we wrote', async () => {
    const { api, cache, side } = lagging();
    await side.create(WEB);
    api.remove(RESOURCES.configMaps, KEY);
    cache.catchUp();
    expect(side.get(KEY)).toBeUndefined();
  });

  it('when they delete what we wrote while the watch was broken', async () => {
    const { api, cache, side } = lagging();
    await side.create(WEB);
    cache.catchUp();
    cache.lag();
    await side.patch(KEY, { data: { a: '2' } });
    api.remove(RESOURCES.configMaps, KEY);
    api.put<Config>(RESOURCES.configMaps, WEB);
    cache.relist();
    expect(side.get(KEY)).toEqual(cache.get(KEY));
  });
});

describe('what was written is no longer there', () => {
  it('when it was deleted before our write was answered', async () => {
    const { api, cache, side } = lagging();
    cache.catchUp();
    cache.subscribe((change) => change.kind === 'added' && api.remove(RESOURCES.configMaps, KEY));
    await side.create(WEB);
    expect(side.get(KEY)).toBeUndefined();
  });

  it.each<[string, (side: Side<Config>) => Promise<unknown>]>([
    ['created', async () => undefined],
    ['patched', (side) => side.patch(KEY, { data: { a: '2' } })],
  ])('when it was %s and deleted while the watch was broken', async (_how, write) => {
    const { api, cache, side } = lagging();
    await side.create(WEB);
    await write(side);
    api.remove(RESOURCES.configMaps, KEY);
    cache.relist();
    expect(side.get(KEY)).toBeUndefined();
  });
});

describe('requests', () => {
  it('fetch past the cache', async () => {
    const { api, side } = lagging();
    api.put(RESOURCES.configMaps, WEB);
    expect(side.get(KEY)).toBeUndefined();
    expect(await side.fetch(KEY)).toMatchObject(WEB);
  });

  it('delete the object with that UID only', async () => {
    const { api, side } = lagging();
    api.put(RESOURCES.configMaps, WEB);
    expect(await side.delete(KEY, { uid: 'of an earlier one' })).toBe('gone');
    expect(api.peek(RESOURCES.configMaps, KEY)).toBeDefined();
  });

  it('that are refused leave nothing behind', async () => {
    const { side } = lagging();
    await expect(side.patch(KEY, { data: {} })).rejects.toMatchObject({ status: 404 });
    expect(side.get(KEY)).toBeUndefined();
  });
});

describe('a key', () => {
  it.each([
    ['shop/web', { namespace: 'shop', name: 'web' }],
    ['worker-1', { namespace: undefined, name: 'worker-1' }],
  ])('%s names its object', (key, expected) => {
    expect(splitKey(key)).toEqual(expected);
  });
});
