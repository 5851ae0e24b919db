import { ANNOTATIONS } from '../../../lib/contract';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { Pod } from '../../../syncer/pods/types';
import { ARTICLE } from '../engine/context';
import { apiError } from '../engine/memory-rules';
import { HOST_KEY, KEY, pods, running, secrets, signal, syncing, TOKENS_KEY, WEB } from './syncing';

describe('a new virtual pod', () => {
  it('comes to the host with its tokens, for the host to place', async () => {
    const { virtual, host, reconcile, hosted, again } = syncing();
    virtual.put(pods, WEB);
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(hosted()?.spec).toMatchObject({ serviceAccountName: ARTICLE.names.workloadServiceAccount });
    expect(hosted()?.spec.nodeName).toBeUndefined();
    expect(host.keys(secrets)).toEqual([TOKENS_KEY]);
    expect(again).toEqual([{ key: KEY, milliseconds: 2_880_000 }]);
  });

  it('finds what it refers to on the host when it comes there', async () => {
    const { virtual, reconcile, ensured, references } = syncing();
    const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];
    virtual.put<Pod>(pods, { ...WEB, spec: { ...WEB.spec, volumes } });
    await reconcile();
    expect(ensured).toEqual(['configmaps shop/settings, host pods: 0']);
    expect(references.isReferenced(RESOURCES.configMaps, 'shop/settings')).toBe(true);
  });

  it('waits for the DNS of its cluster, and leaves no trace on the host meanwhile', async () => {
    const { virtual, host, reconcile, startDns } = syncing({ dns: false });
    virtual.put(pods, WEB);
    expect(await reconcile()).toMatchObject({ kind: 'waiting' });
    expect(host.requests).toEqual([]);
    startDns();
    expect(await reconcile()).toEqual({ kind: 'created' });
  });

  it('that may not reach the host stays off it, and says so, once', async () => {
    const { virtual, host, reconcile, pod, take, warnings } = syncing();
    virtual.put<Pod>(pods, { ...WEB, spec: { ...WEB.spec, nodeName: 'nowhere' } });
    expect(await reconcile()).toMatchObject({ kind: 'refused' });
    expect(pod()?.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'False' }]);
    expect(warnings()).toHaveLength(1);
    take();
    expect(await reconcile()).toMatchObject({ kind: 'refused' });
    expect([...take(), ...host.keys(pods)]).toEqual([]);
  });

  it.each([403, 422])('that the host refuses with %i is tried again, and its tenant is told', async (status) => {
    const { virtual, host, reconcile, warnings } = syncing();
    virtual.put(pods, WEB);
    host.refuse = (line) => {
      if (line === `POST pods ${HOST_KEY}`) throw apiError('POST', pods, 'web', status, 'Refused', 'quota');
    };
    await expect(reconcile()).rejects.toMatchObject({ status });
    expect(warnings()).toEqual(['SyncError']);
  });

  it('that is there on the host, unknown to the cache, is met there', async () => {
    const { virtual, host, hostCache, hosted, reconcile, take } = syncing();
    virtual.put(pods, WEB);
    await reconcile();
    const found = hosted();
    if (found === undefined) throw new Error('it is not there');
    host.remove(pods, HOST_KEY);
    hostCache.lag();
    host.put<Pod>(pods, found);
    take();
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(take()).toEqual([`POST pods ${HOST_KEY}`, `GET pods ${HOST_KEY}`]);
  });
});

describe('a pod that the host has placed', () => {
  it('is bound to the virtual node of that name, which is there by then', async () => {
    const { virtual, reconcile, onHost, pod } = syncing();
    virtual.put(pods, WEB);
    await reconcile();
    onHost({ nodeName: 'worker-1' });
    const nodesAtBinding: (readonly string[])[] = [];
    virtual.refuse = (line) => {
      if (line === `POST pods/binding ${KEY}`) nodesAtBinding.push(virtual.keys(RESOURCES.nodes));
    };
    await reconcile();
    expect(pod()?.spec.nodeName).toBe('worker-1');
    expect(nodesAtBinding).toEqual([['worker-1']]);
  });

  it('is bound only if it is still the same: its successor waits for its own place', async () => {
    const { virtual, virtualCache, reconcile, onHost, pod } = syncing();
    virtual.put(pods, WEB);
    await reconcile();
    virtualCache.lag();
    virtual.remove(pods, KEY);
    virtual.put(pods, WEB);
    onHost({ nodeName: 'worker-1' });
    await expect(reconcile()).rejects.toMatchObject({ status: 409 });
    expect(pod()?.spec.nodeName).toBeUndefined();
  });

  it('shows what its kubelet says', async () => {
    const { reconcile, onHost, pod } = await running();
    onHost({}, { conditions: [{ type: 'Ready', status: 'True' }] });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(pod()?.status).toMatchObject({ phase: 'Running', podIP: '10.0.0.5' });
    expect(pod()?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  });

  it('costs no request while nothing changes, though our own writes come back', async () => {
    const { reconcile, take } = await running();
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(take()).toEqual([]);
  });

  it('shows what it showed already without a write while the watch lags', async () => {
    const { virtualCache, reconcile, onHost, take } = await running();
    virtualCache.lag();
    onHost({}, { podIP: '10.0.0.6' });
    await reconcile();
    take();
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(take()).toEqual([]);
  });

  it('takes changes of the tenant to the host', async () => {
    const { virtual, reconcile, pod, hosted } = await running();
    const found = pod();
    virtual.put<Pod>(pods, { ...WEB, ...found, metadata: { ...found?.metadata, labels: { tier: 'front' } } });
    expect(await reconcile()).toEqual({ kind: 'patched' });
    expect(Object.values(hosted()?.metadata.labels ?? {})).toContain('front');
  });

  it('gets new tokens at four fifths of their life', async () => {
    const { virtual, reconcile, take, again } = await running();
    virtual.now += 2_879_000;
    await reconcile();
    expect(take()).toEqual([]);
    expect(again).toEqual([{ key: KEY, milliseconds: 1_000 }]);
    virtual.now += 1_000;
    await reconcile();
    expect(take()).toEqual(['POST serviceaccounts/token shop/robot', `PATCH secrets ${TOKENS_KEY}`]);
    expect(again.at(-1)).toEqual({ key: KEY, milliseconds: 2_880_000 });
  });
});

describe('the end of a pod', () => {
  it('that the tenant wants reaches the host, with its grace, and the virtual pod goes after its host pod', async () => {
    const { virtual, host, reconcile, pod, hosted } = await running();
    await virtual.delete(pods, 'shop', 'web', { gracePeriodSeconds: 7 });
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(hosted()?.metadata.deletionGracePeriodSeconds).toBe(7);
    await reconcile();
    expect(pod()).toBeDefined();
    host.remove(pods, HOST_KEY);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(pod()).toBeUndefined();
  });

  it('takes its tokens with it, and what it referred to', async () => {
    const { virtual, host, reconcile, references } = await running();
    references.set(`pod ${KEY}`, 'shop', [{ resource: RESOURCES.configMaps, name: 'c', optional: false }]);
    host.remove(pods, HOST_KEY);
    virtual.remove(pods, KEY);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(host.keys(secrets)).toEqual([]);
    expect(references.isReferenced(RESOURCES.configMaps, 'shop/c')).toBe(false);
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
  });

  it('that the tenant forces ends its host pod too', async () => {
    const { virtual, reconcile, hosted } = await running();
    virtual.remove(pods, KEY);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(hosted()?.metadata.deletionTimestamp).toBeDefined();
  });

  it('that the host decides on ends the virtual pod too', async () => {
    const { host, reconcile, pod } = await running();
    await host.delete(pods, ARTICLE.hostNamespace, HOST_KEY.split('/')[1] ?? '', { gracePeriodSeconds: 9 });
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(pod()?.metadata.deletionGracePeriodSeconds).toBe(9);
  });

  it('whose successor has its name first is waited for', async () => {
    const { virtual, host, reconcile, hosted } = await running();
    virtual.remove(pods, KEY);
    virtual.put(pods, WEB);
    expect(await reconcile()).toEqual({ kind: 'deleted' });
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    host.remove(pods, HOST_KEY);
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(hosted()?.metadata.annotations?.[ANNOTATIONS.objectUid]).toBe(virtual.peek(pods, KEY)?.metadata.uid);
  });
});

describe('nothing is deleted on doubt', () => {
  it('not the host pod, when a fresh list lacks the virtual one but its server has it', async () => {
    const { virtual, virtualCache, reconcile, hosted } = await running();
    const restore = virtual.backup();
    virtualCache.lag();
    virtual.remove(pods, KEY);
    virtualCache.relist();
    restore();
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(hosted()?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('not the host pod, when the virtual API server can not be reached', async () => {
    const { virtual, virtualCache, reconcile, host } = await running();
    virtualCache.lag();
    virtual.remove(pods, KEY);
    virtualCache.relist();
    virtual.reachable = false;
    await expect(reconcile()).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    expect(host.writes).toEqual([]);
  });

  it('not the host pod, nor its tokens, when the virtual store was replaced by a blank one', async () => {
    const { virtual, virtualCache, reconcile, host } = await running();
    virtual.replaceStore();
    virtualCache.relist();
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    host.remove(pods, HOST_KEY);
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(host.writes).toEqual([]);
  });

  it('not the virtual pod, when only the host cache lacks its host pod', async () => {
    const { host, hostCache, reconcile, pod } = await running();
    const restore = host.backup();
    hostCache.lag();
    host.remove(pods, HOST_KEY);
    hostCache.relist();
    restore();
    await reconcile();
    expect(pod()?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('not the virtual pod, when the host can not be asked', async () => {
    const { host, hostCache, reconcile, virtual } = await running();
    hostCache.lag();
    host.remove(pods, HOST_KEY);
    hostCache.relist();
    host.reachable = false;
    await expect(reconcile()).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    expect(virtual.writes).toEqual([]);
  });

  it('not a virtual pod that a rewound store has brought back', async () => {
    const { virtual, virtualCache, absence, host, reconcile, pod } = await running();
    const rewind = virtual.backup();
    for (let count = 0; count < 9; count += 1) virtual.put(RESOURCES.nodes, { metadata: { name: `n${count}` } });
    await absence.checkStore(signal);
    rewind();
    virtualCache.relist();
    await absence.checkStore(signal);
    host.remove(pods, HOST_KEY);
    expect(await reconcile()).toEqual({ kind: 'unconfirmed' });
    expect(pod()).toBeDefined();
  });
});

describe('nothing foreign is touched', () => {
  const FOREIGN: Pod = {
    metadata: { namespace: ARTICLE.hostNamespace, name: HOST_KEY.split('/')[1] ?? '' },
    spec: { containers: [] },
  };

  it.each([
    ['that the watch brings', false],
    ['that no watch of ours brings', true],
  ])('a host pod in the way %s stays, and the tenant is told', async (_case, isUnseen) => {
    const { virtual, host, hostCache, reconcile, hosted, warnings } = syncing();
    if (isUnseen) hostCache.lag();
    const found = host.put(pods, FOREIGN);
    virtual.put(pods, WEB);
    expect(await reconcile()).toMatchObject({ kind: 'conflict' });
    expect(hosted()).toEqual(found);
    expect(warnings()).toEqual(['NameTaken']);
  });

  it('when the virtual pod in its shadow goes', async () => {
    const { virtual, host, reconcile, pod } = syncing();
    host.put(pods, FOREIGN);
    virtual.put(pods, WEB);
    virtual.remove(pods, KEY);
    await reconcile();
    expect(pod()).toBeUndefined();
    expect(host.writes).toEqual([]);
  });

  it('nor a Secret that only says that it holds the tokens of a pod that is gone', async () => {
    const { host, reconcile } = syncing();
    const [namespace = '', name = ''] = TOKENS_KEY.split('/');
    const annotations = { [ANNOTATIONS.tokenOf]: 'web', [ANNOTATIONS.objectUid]: 'u0' };
    host.put(secrets, { metadata: { namespace, name, annotations } });
    expect(await reconcile()).toEqual({ kind: 'unchanged' });
    expect(host.keys(secrets)).toEqual([TOKENS_KEY]);
  });
});
