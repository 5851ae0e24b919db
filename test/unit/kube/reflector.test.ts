import { silentLogger } from '../../../syncer/kube/logger';
import type { FakeApi, Thing } from './support/fake-api';
import { start } from './support/reflecting';
import { until } from './support/until';

const three = (api: FakeApi): void => {
  api.put('a', 1);
  api.put('b', 2);
  api.put('c', 3);
};

describe.each(['supported', 'refused', 'overlooked'] as const)('with streaming lists %s', (streaming) => {
  const prepare = (api: FakeApi): void => {
    three(api);
    api.streaming = streaming;
  };
  const options = { initialSilenceMs: 50 };

  it('takes in what there is, then follows', async () => {
    await using it = await start(options, prepare);
    await it.reflector.waitForSync(AbortSignal.timeout(5000));
    expect(it.values()).toEqual({ a: 1, b: 2, c: 3 });
    it.api.put('a', 10);
    it.api.delete('b');
    it.api.put('d', 4);
    await it.caughtUp();
    expect(it.values()).toEqual({ a: 10, c: 3, d: 4 });
    expect(it.changes.slice(3)).toMatchObject([
      { kind: 'modified', object: { value: 10 }, previous: { value: 1 } },
      { kind: 'deleted', previous: { value: 2 }, observed: true },
      { kind: 'added', object: { value: 4 } },
    ]);
  });

  it('lists anew when its position is lost, and tells absence from a deletion', async () => {
    await using it = await start(options, prepare);
    await it.caughtUp();
    it.api.breakAll();
    it.api.delete('a');
    it.api.put('b', 20);
    it.api.compact();
    await it.caughtUp();
    expect(it.changes.slice(3)).toMatchObject([
      { kind: 'deleted', previous: { value: 1 }, observed: false },
      { kind: 'modified', object: { value: 20 }, previous: { value: 2 } },
    ]);
  });
});

describe('a cache that is compared with its server', () => {
  const options = { lagMs: 20 };

  it('has missed nothing as long as its watch tells it all', async () => {
    await using it = await start(options, three);
    await it.caughtUp();
    it.api.put('a', 10);
    it.api.delete('b');
    expect(await it.reflector.verify(AbortSignal.timeout(5000))).toEqual([]);
  });

  it('tells what its watch has kept from it, and takes it in', async () => {
    await using it = await start(options, three);
    await it.caughtUp();
    it.api.silent = true;
    it.api.put('a', 10);
    it.api.delete('b');
    it.api.put('d', 4);
    it.api.silent = false;
    it.api.bookmark();
    await it.caughtUp();
    expect(it.values()).toEqual({ a: 1, b: 2, c: 3 });
    expect([...(await it.reflector.verify(AbortSignal.timeout(5000)))].sort()).toEqual(['ns/a', 'ns/b', 'ns/d']);
    expect(it.values()).toEqual({ a: 10, c: 3, d: 4 });
    expect(it.changes.slice(3)).toMatchObject([
      { kind: 'deleted', previous: { value: 2 }, observed: false },
      { kind: 'modified', object: { value: 10 } },
      { kind: 'added', object: { value: 4 } },
    ]);
  });

  it('waits for what is still under way', async () => {
    await using it = await start({ lagMs: 5000 }, three);
    await it.caughtUp();
    it.api.silent = true;
    it.api.put('a', 10);
    it.api.silent = false;
    const verified = it.reflector.verify(AbortSignal.timeout(5000));
    it.api.put('a', 11);
    expect(await verified).toEqual([]);
  });

  it('does not take a deletion after the list for a missed change', async () => {
    await using it = await start({ lagMs: 200 }, three);
    await it.caughtUp();
    const verified = it.reflector.verify(AbortSignal.timeout(5000));
    await until(() => it.api.requests.some((request) => !request.includes('watch=true')), 'the list');
    it.api.delete('a');
    expect(await verified).toEqual([]);
  });

  it('draws no conclusions when the list fails', async () => {
    await using it = await start(options, three);
    await it.caughtUp();
    it.api.refuse = 500;
    await expect(it.reflector.verify(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'API_ERROR' });
    expect(it.values()).toEqual({ a: 1, b: 2, c: 3 });
  });
});

describe('a reflector', () => {
  it('lets go of those who listened for a while, and of nobody else', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    const heard: string[] = [];
    const end = it.reflector.lend();
    it.reflector.subscribe(({ kind }) => heard.push(kind));
    it.api.put('d', 4);
    await it.caughtUp();
    end();
    it.api.put('e', 5);
    await it.caughtUp();
    expect(heard).toEqual(['added']);
    expect(it.changes).toHaveLength(5);
  });

  it('asks for bookmarks, and ends its watches after five to ten minutes', async () => {
    await using it = await start({ random: () => 0.5 });
    await it.caughtUp();
    expect(it.api.requests).toEqual([
      '?watch=true&allowWatchBookmarks=true&timeoutSeconds=450&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    ]);
  });

  it('goes on where it was when a watch ends, without a list', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.put('d', 4);
    await it.caughtUp();
    it.api.endWatches();
    await until(() => it.api.requests.length === 2);
    expect(it.api.requests[1]).toContain(`resourceVersion=${it.api.version}`);
    expect(it.changes).toHaveLength(4);
  });

  it('goes on from the last bookmark, which outlives a compacted history', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.bookmark();
    await it.caughtUp();
    it.api.compact();
    it.api.endWatches();
    await until(() => it.api.requests.length === 2);
    it.api.put('d', 4);
    await it.caughtUp();
    expect(it.api.requests).toHaveLength(2);
  });

  it.each([
    ['breaks', (api: FakeApi) => api.breakAll()],
    ['breaks in the middle of a line', (api: FakeApi) => api.breakMidLine()],
    ['expires', (api: FakeApi) => api.expireWatches()],
  ])('catches up after a watch that %s', async (_, fault) => {
    await using it = await start({}, three);
    await it.caughtUp();
    fault(it.api);
    it.api.put('d', 4);
    await until(() => it.values().d === 4);
    expect(it.values()).toEqual({ a: 1, b: 2, c: 3, d: 4 });
  });

  it('gives up a watch that hangs past its end', async () => {
    const warnings: object[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => warnings.push(fields) };
    await using it = await start({ watchSeconds: 0, graceMs: 30, logger }, three);
    await it.caughtUp();
    await until(() => it.api.requests.length >= 3);
    expect(warnings[0]).toMatchObject({ code: 'API_UNREACHABLE', reason: expect.stringContaining('hung') });
  });

  it('keeps what it has while the server refuses, says why, and forgets it afterwards', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.refuse = 403;
    it.api.compact();
    it.api.breakAll();
    await until(() => it.reflector.lastSyncError !== undefined);
    await until(() => it.reflector.lastSyncError?.code === 'API_FORBIDDEN');
    expect(it.values()).toEqual({ a: 1, b: 2, c: 3 });
    it.api.refuse = undefined;
    await until(() => it.reflector.lastSyncError === undefined);
    expect(it.changes).toHaveLength(3);
  });

  it('is not synced before the first list, however often that fails', async () => {
    await using it = await start({}, (api) => {
      three(api);
      api.refuse = 500;
    });
    await until(() => it.api.requests.length > 3);
    expect(it.reflector.synced).toBe(false);
    await expect(it.reflector.waitForSync(AbortSignal.timeout(5))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    it.api.refuse = undefined;
    await it.reflector.waitForSync(AbortSignal.timeout(5000));
    expect(it.reflector.list()).toHaveLength(3);
  });

  it('notices a store that was set back, though the server would accept its position', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.restore(50, [
      { metadata: { name: 'a', namespace: 'ns', uid: 'restored', resourceVersion: '40' }, value: 7 },
    ]);
    await it.caughtUp();
    expect(it.values()).toEqual({ a: 7 });
    expect(it.changes.filter((change) => change.kind === 'deleted')).toEqual([
      expect.objectContaining({ observed: false }),
      expect.objectContaining({ observed: false }),
      expect.objectContaining({ observed: false }),
    ]);
  });

  it('finds objects by index, without what nobody reads', async () => {
    const indexers = { parity: (object: Thing) => [(object.value ?? 0) % 2 === 0 ? 'even' : 'odd'] };
    await using it = await start(
      { indexers, transform: (object) => ({ ...object, value: (object.value ?? 0) * 3 }) },
      three,
    );
    await it.caughtUp();
    expect(it.reflector.byIndex('parity', 'even').map((object) => object.value)).toEqual([6]);
    expect(it.reflector.get('ns/a')?.metadata).not.toHaveProperty('managedFields');
  });

  it('survives a listener that throws, and serves the others', async () => {
    await using it = await start({}, three);
    it.reflector.subscribe(() => {
      throw new Error('broken listener');
    });
    const seen: string[] = [];
    const end = it.reflector.subscribe((change) => seen.push(change.kind));
    it.api.put('x', 1);
    await it.caughtUp();
    await until(() => seen.length > 0);
    end();
    it.api.delete('x');
    await it.caughtUp();
    expect(seen).not.toContain('deleted');
  });

  it('ends when told so', async () => {
    const it = await start({}, three);
    await it.caughtUp();
    await it[Symbol.asyncDispose]();
    await expect(it.reflector.relist(AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('a list on demand', () => {
  it('is complete and fresh, even where a watch lies', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.objects.delete('a');
    await it.reflector.relist(AbortSignal.timeout(5000));
    expect(it.values()).toEqual({ b: 2, c: 3 });
    expect(it.changes.at(-1)).toMatchObject({ kind: 'deleted', observed: false });
    it.api.put('d', 4);
    await it.caughtUp();
    expect(it.reflector.lastSyncError).toBeUndefined();
  });

  it('is one for all who ask at the same time', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    const signal = AbortSignal.timeout(5000);
    await Promise.all(Array.from({ length: 10 }, () => it.reflector.relist(signal)));
    expect(it.api.requests.length).toBeLessThanOrEqual(3);
  });

  it('that fails says so, and leaves the cache as it was', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.refuse = 500;
    await expect(it.reflector.relist(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'API_ERROR' });
    expect(it.reflector.list()).toHaveLength(3);
  });

  it('is waited for no longer than the caller likes', async () => {
    await using it = await start({}, three);
    await it.caughtUp();
    it.api.mute = true;
    await expect(it.reflector.relist(AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
