import { hostMetadata } from '../../../../syncer/engine/metadata';
import { Side } from '../../../../syncer/engine/side';
import { QuotaLedger } from '../../../../syncer/isolation/quota/ledger';
import { RESOURCES } from '../../../../syncer/kube/resources';
import type { Pod } from '../../../../syncer/pods/types';
import { ARTICLE, PER_NAMESPACE } from '../../engine/context';
import { MemoryApi } from '../../engine/memory-api';

const { pods } = RESOURCES;
const hostOf = (name: string, cpu: string, context = ARTICLE, namespace = 'shop'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: hostMetadata({ metadata: { name, namespace, uid: `uid-${namespace}-${name}` } }, context, {
    kind: { apiVersion: 'v1', kind: 'Pod' },
  }),
  spec: { containers: [{ name: 'main', image: 'busybox', resources: { requests: { cpu } } }] },
});

function counted(hard: { [resource: string]: string }, context = ARTICLE) {
  const host = new MemoryApi('host');
  const cache = host.cache<Pod>(pods);
  const ledger = new QuotaLedger(context, { hard });
  const side = new Side<Pod>(cache, host, undefined, ledger);
  const told: string[] = [];
  ledger.onRoom(pods, (key) => told.push(key));
  const used = (resource: string): number => Number(ledger.used.get(resource) ?? 0n) / 1e9;
  const create = (name: string, cpu = '1', namespace = 'shop') => side.create(hostOf(name, cpu, context, namespace));
  return { host, cache, ledger, side, told, used, create };
}

const hostKey = (pod: Pod | undefined): string => `${pod?.metadata.namespace}/${pod?.metadata.name}`;
const outcomes = async (writes: readonly Promise<Pod>[]): Promise<object> => {
  const settled = await Promise.allSettled(writes);
  const made = settled.filter(({ status }) => status === 'fulfilled').length;
  return { made, refused: settled.length - made };
};

describe('a quota', () => {
  it('is never passed, however many come at once', async () => {
    const { create, used } = counted({ pods: '3' });
    const writes = Array.from({ length: 10 }, (_, index) => create(`web-${index}`));
    expect(await outcomes(writes)).toEqual({ made: 3, refused: 7 });
    expect(used('pods')).toBe(3);
  });

  it('counts all host namespaces of a virtual cluster together', async () => {
    const { create } = counted({ 'requests.cpu': '2500m' }, PER_NAMESPACE);
    expect(await outcomes([create('a', '1', 'one'), create('a', '1', 'two'), create('a', '1', 'three')])).toEqual({
      made: 2,
      refused: 1,
    });
  });

  it('tells what is asked for, what is used and what there may be, by the field of the policy', async () => {
    const { create } = counted({ 'requests.cpu': '2', pods: '5' });
    await create('a', '1500m');
    await expect(create('b', '1')).rejects.toThrow(
      'no room for it (quota.requests.cpu: asks for 1, used 1500m of 2); it is tried again when something is freed',
    );
    await expect(create('c', '3')).rejects.toThrow('it never fits');
  });

  it('gives room back when a write fails, and when an object goes', async () => {
    const { create, host, used } = counted({ pods: '1' });
    host.reachable = false;
    await expect(create('a')).rejects.toThrow('does not answer');
    host.reachable = true;
    expect(used('pods')).toBe(0);
    const made = await create('a');
    host.remove(pods, hostKey(made));
    expect(used('pods')).toBe(0);
  });

  it('does not count what has gone again before its creation was answered', async () => {
    const { side, host, used } = counted({ pods: '1' });
    const hold = side.hold(hostOf('a', '1'));
    const made = await host.create(pods, ARTICLE.hostNamespace, hostOf('a', '1'));
    host.remove(pods, hostKey(made));
    hold?.settle(made);
    expect(used('pods')).toBe(0);
  });

  it('counts a pod that has ended no more', async () => {
    const { create, host, used } = counted({ pods: '1', 'requests.cpu': '1' });
    const made = await create('a');
    host.put(pods, { ...made, status: { phase: 'Succeeded' } });
    expect([used('pods'), used('requests.cpu')]).toEqual([0, 0]);
  });

  it('holds a growing object to it, but never one that asks for no more than it has', async () => {
    const { create, side, used } = counted({ 'requests.cpu': '2' });
    const made = await create('a', '1500m');
    const grown: Pod = { ...made, spec: hostOf('a', '3').spec };
    await expect(side.patch(hostKey(made), {}, { becomes: grown })).rejects.toThrow('asks for 1500m, used 1500m of 2');
    await side.patch(hostKey(made), { spec: hostOf('a', '500m').spec }, { becomes: hostOf('a', '500m') });
    expect(used('requests.cpu')).toBe(0.5);
  });

  it('counts nothing but copies of the tenant’s objects', async () => {
    const { side, used } = counted({ pods: '1' });
    await side.create({ ...hostOf('a', '1'), metadata: { name: 'other', namespace: ARTICLE.hostNamespace } });
    expect(used('pods')).toBe(0);
  });
});

describe('who found no room', () => {
  it('is told when there is, the longest waiting first, and no more than fit', async () => {
    const { create, host, told } = counted({ pods: '2' });
    const [first] = await Promise.all([create('a'), create('b')]);
    await outcomes(['c', 'd', 'e'].map((name) => create(name)));
    host.remove(pods, hostKey(first));
    await Promise.resolve();
    expect(told).toEqual(['shop/c']);
  });

  it('makes place for those behind it when it is gone itself', async () => {
    const { create, host, told, ledger } = counted({ pods: '1' });
    const first = await create('a');
    await outcomes(['b', 'c'].map((name) => create(name)));
    host.remove(pods, hostKey(first));
    await Promise.resolve();
    ledger.forget(pods, 'shop/b');
    await Promise.resolve();
    expect(told).toEqual(['shop/b', 'shop/c']);
  });

  it('is passed by a smaller one that fits', async () => {
    const { create, host, told } = counted({ 'requests.cpu': '2' });
    const [small] = await Promise.all([create('a', '500m'), create('b', '1500m')]);
    await outcomes([create('large', '2'), create('little', '500m')]);
    host.remove(pods, hostKey(small));
    await Promise.resolve();
    expect(told).toEqual(['shop/little']);
  });
});
