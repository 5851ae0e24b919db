import { ANNOTATIONS } from '../../../lib/contract';
import { type ConfigMap, toHostConfigMap } from '../../../syncer/config';
import type { Translation } from '../../../syncer/engine/types';
import { ARTICLE } from './context';
import { apiError } from './memory-rules';
import { configMaps, HOST_KEY, KEY, synced, syncing, WEB } from './syncing';

describe('a virtual object', () => {
  it('comes to the host', async () => {
    const { copy, host } = await synced();
    expect(copy()).toMatchObject({
      data: { color: 'red' },
      metadata: { annotations: { [ANNOTATIONS.objectName]: 'web' } },
    });
    expect(host.keys(configMaps)).toEqual([HOST_KEY]);
  });

  it('that changes, changes on the host', async () => {
    const { virtual, reconcile, copy } = await synced();
    virtual.put(configMaps, { ...WEB, data: { color: 'blue' } });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(copy()?.data).toEqual({ color: 'blue' });
  });

  it('that is deleted, goes from the host', async () => {
    const { virtual, reconcile, copy } = await synced();
    virtual.remove(configMaps, KEY);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(copy()).toBeUndefined();
  });

  it('that was replaced by another of the same name, is made anew on the host', async () => {
    const { virtual, reconcile, copy } = await synced();
    const before = copy()?.metadata.uid;
    virtual.remove(configMaps, KEY);
    virtual.put(configMaps, WEB);
    expect(await reconcile()).toMatchObject({ kind: 'recreating' });
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(copy()?.metadata.uid).not.toBe(before);
  });

  it('whose host copy somebody deletes, comes to the host again', async () => {
    const { host, reconcile, copy } = await synced();
    host.remove(configMaps, HOST_KEY);
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(copy()).toBeDefined();
  });

  it('whose host copy somebody changes, is restored there', async () => {
    const { host, reconcile, copy } = await synced();
    const found = copy();
    host.put(configMaps, { ...found, metadata: { ...found?.metadata }, data: { color: 'theirs' } });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(copy()?.data).toEqual({ color: 'red' });
  });

  it('whose immutable copy differs, is made anew on the host, under the UID of that copy only', async () => {
    const { virtual, host, reconcile, copy } = await synced();
    const found = copy();
    host.put(configMaps, { ...found, metadata: { ...found?.metadata }, immutable: true });
    virtual.put(configMaps, { ...WEB, data: { color: 'blue' } });
    expect(await reconcile()).toMatchObject({ kind: 'recreating' });
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(copy()?.data).toEqual({ color: 'blue' });
  });

  it('that belongs on the host no longer, goes from there', async () => {
    let translation: Translation<ConfigMap> | undefined;
    const both = await synced({ translate: (object) => translation ?? toHostConfigMap(object, ARTICLE) });
    translation = { kind: 'skip', reason: 'not wanted' };
    expect(await both.reconcile()).toEqual({ kind: 'deleted' });
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
  });

  it('that waits for another is left as it is', async () => {
    let translation: Translation<ConfigMap> | undefined;
    const both = await synced({ translate: (object) => translation ?? toHostConfigMap(object, ARTICLE) });
    translation = { kind: 'wait', reason: 'not yet' };
    expect(await both.reconcile()).toEqual({ kind: 'waiting', reason: 'not yet' });
    expect(both.copy()).toBeDefined();
  });

  it('that may not reach the host stays off it, and its tenant is told', async () => {
    const refused = { kind: 'refused', reason: 'FieldNotAllowed', field: 'data', message: 'data: no' } as const;
    const both = syncing({ translate: () => refused });
    both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'refused', reason: 'FieldNotAllowed' });
    expect(both.host.writes).toEqual([]);
    expect(both.warnings()).toEqual(['FieldNotAllowed']);
  });

  it('that the host refuses is tried again, and its tenant is told', async () => {
    const both = syncing();
    both.virtual.put(configMaps, WEB);
    both.host.refuse = () => {
      throw apiError('POST', configMaps, 'web', 403, 'Forbidden', 'exceeded quota');
    };
    await expect(both.reconcile()).rejects.toMatchObject({ status: 403 });
    expect(both.warnings()).toEqual(['SyncError']);
  });

  it('says itself what keeps it from the host, until nothing does', async () => {
    let quota = true;
    const both = syncing();
    const problem = () => both.virtual.peek(configMaps, KEY)?.metadata.annotations?.[ANNOTATIONS.syncProblem];
    both.virtual.put(configMaps, WEB);
    both.host.refuse = () => {
      if (quota) throw apiError('POST', configMaps, 'web', 403, 'Forbidden', 'exceeded quota');
    };
    await expect(both.reconcile()).rejects.toMatchObject({ status: 403 });
    expect(problem()).toMatch(/^SyncError: .*exceeded quota/);
    const writes = both.virtual.writes.length;
    await expect(both.reconcile()).rejects.toMatchObject({ status: 403 });
    expect(both.virtual.writes.length).toBe(writes);
    quota = false;
    await both.reconcile();
    expect(problem()).toBeUndefined();
  });
});

describe('nothing is written when nothing changed', () => {
  it('not even a request is made for the echo of our own write', async () => {
    const { virtual, host, reconcile } = await synced();
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect([...virtual.requests, ...host.requests]).toEqual([]);
  });

  it('nor for the echo of an object that is only copied when referenced', async () => {
    const { virtual, host, reconcile } = await synced({ trigger: 'referenced' });
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect([...virtual.requests, ...host.requests]).toEqual([]);
  });

  it('not while the watch has yet to bring what we wrote either', async () => {
    const both = syncing();
    both.hostCache.lag();
    both.virtual.put(configMaps, WEB);
    await both.reconcile();
    both.host.take();
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect(both.host.requests).toEqual([]);
  });

  it.each<[string, (both: Awaited<ReturnType<typeof synced>>) => void]>([
    ['after a change', ({ virtual }) => virtual.put(configMaps, { ...WEB, data: { color: 'blue' } })],
    ['after it was made anew', ({ host }) => host.remove(configMaps, HOST_KEY)],
  ])('nor for the echo of an object that is only copied when referenced, %s', async (_when, act) => {
    const both = await synced({ trigger: 'referenced' });
    act(both);
    await both.reconcile();
    both.virtual.take();
    both.host.take();
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect([...both.virtual.requests, ...both.host.requests]).toEqual([]);
  });
});

describe('an object that is only copied when referenced', () => {
  it('is copied too when it asks for it, and costs nothing once it is', async () => {
    const both = syncing({ trigger: 'referenced', wants: ({ metadata }) => metadata.annotations?.ask === 'yes' });
    both.virtual.put(configMaps, { ...WEB, metadata: { ...WEB.metadata, annotations: { ask: 'yes' } } });
    expect(await both.reconcile()).toEqual({ kind: 'created' });
    expect(both.copy()?.data).toEqual({ color: 'red' });
    both.virtual.take();
    both.host.take();
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect([...both.virtual.requests, ...both.host.requests]).toEqual([]);
    both.virtual.put(configMaps, { ...WEB, metadata: { ...WEB.metadata, annotations: { ask: 'no' } } });
    expect(await both.reconcile()).toEqual({ kind: 'deleted' });
  });

  it('stays off the host while nobody refers to it', async () => {
    const both = syncing({ trigger: 'referenced' });
    both.virtual.put(configMaps, WEB);
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect([...both.virtual.requests, ...both.host.requests]).toEqual([]);
  });

  it('is read whole from its server, since the watch brings metadata only', async () => {
    const { copy } = await synced({ trigger: 'referenced' });
    expect(copy()?.data).toEqual({ color: 'red' });
  });

  it('goes from the host with its last referrer', async () => {
    const { references, reconcile, copy } = await synced({ trigger: 'referenced' });
    references.set('pod a', 'shop', []);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(copy()).toBeUndefined();
  });

  it('is restored when somebody changes its copy', async () => {
    const { host, reconcile, copy } = await synced({ trigger: 'referenced' });
    await reconcile();
    const found = copy();
    host.put(configMaps, { ...found, metadata: { ...found?.metadata }, data: { color: 'theirs' } });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(copy()?.data).toEqual({ color: 'red' });
  });

  it('is restored when that happens between two writes of ours, unseen by our cache', async () => {
    const { virtual, host, hostCache, reconcile, copy } = await synced({ trigger: 'referenced' });
    const found = copy();
    hostCache.lag();
    host.put(configMaps, { ...found, metadata: { ...found?.metadata }, data: { color: 'theirs' } });
    virtual.put(configMaps, { ...WEB, metadata: { ...WEB.metadata, labels: { tier: 'front' } } });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    hostCache.catchUp();
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(copy()?.data).toEqual({ color: 'red' });
  });
});

describe('what the host decides', () => {
  const decided = (host: ConfigMap, virtual: ConfigMap) =>
    virtual.data?.decided === host.metadata.uid
      ? []
      : [{ kind: 'patch', patch: { data: { decided: host.metadata.uid } } } as const];
  const translate = ({ data: _, ...v }: ConfigMap) => toHostConfigMap(v, ARTICLE);

  it('comes back to the virtual object with its creation, once', async () => {
    const both = await synced({ translate, back: decided });
    expect(both.virtual.peek<ConfigMap>(configMaps, KEY)?.data?.decided).toBe(both.copy()?.metadata.uid);
    expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
    expect([...both.virtual.requests, ...both.host.requests]).toEqual([]);
  });

  it('counts when it does not accept our change: the virtual object gets its answer', async () => {
    const both = await synced({ back: decided });
    both.virtual.put(configMaps, { ...WEB, data: { color: 'blue' } });
    both.host.refuse = (line) => {
      if (line.startsWith('PATCH')) throw apiError('PATCH', configMaps, 'web', 422, 'Invalid', 'data: may not change');
    };
    await both.reconcile();
    expect(both.virtual.peek<ConfigMap>(configMaps, KEY)?.data?.decided).toBe(both.copy()?.metadata.uid);
    expect(both.copy()?.data?.color).toBe('red');
  });

  it('may call for another try, of which it has the last word', async () => {
    const both = syncing({
      createInstead: ({ data: _, ...desired }, refusal) => (refusal.status === 422 ? desired : undefined),
    });
    both.virtual.put(configMaps, WEB);
    both.host.refuse = (line, body) => {
      if (line.startsWith('POST') && (body as ConfigMap).data !== undefined) {
        throw apiError('POST', configMaps, 'web', 422, 'Invalid', 'data: already allocated');
      }
    };
    expect(await both.reconcile()).toEqual({ kind: 'created' });
    expect(both.copy()).not.toHaveProperty('data');
  });

  it('may call for another change as well, when it could not give what was asked for', async () => {
    const both = await synced({
      createInstead: (desired, refusal) =>
        refusal.message.includes('allocated') ? { ...desired, data: { color: 'any' } } : undefined,
    });
    both.virtual.put(configMaps, { ...WEB, data: { color: 'blue' } });
    both.host.refuse = (line, body) => {
      if (line.startsWith('PATCH') && JSON.stringify(body).includes('blue')) {
        throw apiError('PATCH', configMaps, 'web', 422, 'Invalid', 'data: already allocated');
      }
    };
    expect(await both.reconcile()).toEqual({ kind: 'patched' });
    expect(both.copy()?.data?.color).toBe('any');
    expect(both.warnings()).toEqual([]);
  });
});
