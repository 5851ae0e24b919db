import type { VirtualClusterOptions } from '../../../lib';
import { LABELS, nodeServiceName } from '../../../lib/contract';
import { Side } from '../../../syncer/engine/side';
import type { ClusterContext } from '../../../syncer/engine/types';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { Node } from '../../../syncer/nodes';
import { NodeSync } from '../../../syncer/nodes/sync';
import type { Pod } from '../../../syncer/pods/types';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { sectionsOf } from '../engine/sections';

const { nodes, pods, services } = RESOURCES;
const NAME = 'worker-1';
const SERVICE_KEY = `${ARTICLE.hostNamespace}/${nodeServiceName(ARTICLE.cluster, NAME)}`;
const READY = [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }];
const HOST: Node = {
  metadata: { name: NAME, uid: 'host-1', labels: { pool: 'fast' } },
  spec: {},
  status: { capacity: { cpu: '4' }, allocatable: { cpu: '4' }, conditions: READY },
};
const WEB: Pod = { metadata: { name: 'web', namespace: 'shop', uid: 'u1' }, spec: { containers: [], nodeName: NAME } };

/** Nodes at work between a virtual cluster and a host whose nodes may be seen. */
function syncing(options: VirtualClusterOptions['nodes'], othersUse = new Map<string, bigint>()) {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  const context: ClusterContext = { ...ARTICLE, sections: sectionsOf(options === undefined ? {} : { nodes: options }) };
  const indexers = { node: ({ spec }: Pod) => (spec.nodeName ? [spec.nodeName] : []) };
  const warnings: string[] = [];
  const changed: string[] = [];
  const virtualNodes = virtual.cache<Node>(nodes);
  const hostNodes = new Side(host.cache<Node>(nodes), host);
  const sync = new NodeSync({
    context,
    hostServices: new Side(host.cache<Service>(services), host),
    nodes: new Side(virtualNodes, virtual),
    sources: {
      hostNodes,
      othersUse: () => othersUse,
      subscribe: (call) => {
        hostNodes.cache.subscribe((change) =>
          call((change.kind === 'deleted' ? change.previous : change.object).metadata.name ?? ''),
        );
      },
    },
    virtualPods: virtual.cache<Pod>(pods, { indexers }),
    hostPods: host.cache<Pod>(pods, { indexers }),
    podIndex: 'node',
    recorder: { warn: (_resource, _object, reason, message) => warnings.push(`${reason}: ${message}`) },
    onAddresses: () => {},
    now: () => virtual.now,
  });
  sync.follow((name) => changed.push(name));
  const node = () => virtual.peek<Node>(nodes, NAME);
  const take = () => {
    virtual.take();
    host.take();
  };
  return { virtual, host, virtualNodes, sync, node, warnings, changed, take };
}

describe('all nodes of the host', () => {
  it('are there though no pod uses them, each with its Service', async () => {
    const { host, sync, node, changed } = syncing({ mode: 'all' });
    host.put(nodes, HOST);
    expect([...sync.known()]).toEqual([NAME]);
    expect(changed).toEqual([NAME]);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'created' });
    await sync.reconcile(NAME);
    expect(node()).toMatchObject({ metadata: { labels: { pool: 'fast' } }, status: { conditions: READY } });
    expect(host.peek<Service>(services, SERVICE_KEY)).toBeDefined();
  });

  it('cost nothing while they stay as they are', async () => {
    const { host, virtual, sync, take } = syncing({ mode: 'all' });
    host.put(nodes, HOST);
    await sync.reconcile(NAME);
    await sync.reconcile(NAME);
    take();
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    expect([...virtual.requests, ...host.requests]).toEqual([]);
  });

  it('go when the host’s node has gone, and not when a cache merely lacks it', async () => {
    const { host, sync, node } = syncing({ mode: 'all' });
    host.put(nodes, HOST);
    await sync.reconcile(NAME);
    host.remove(nodes, NAME);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'deleted' });
    expect(node()).toBeUndefined();
    expect(host.peek<Service>(services, SERVICE_KEY)).toBeUndefined();
  });

  it('that went while pods were on them are shown as lost', async () => {
    const { host, virtual, sync, node } = syncing({ mode: 'all' });
    host.put(nodes, HOST);
    virtual.put(pods, WEB);
    await sync.reconcile(NAME);
    host.remove(nodes, NAME);
    await sync.reconcile(NAME);
    expect(node()?.metadata.labels).toMatchObject({ [LABELS.fakeNode]: 'true' });
    expect(node()?.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('Unknown');
  });

  it('have the room that others leave', async () => {
    const { host, sync, node } = syncing(
      { mode: 'all', scheduling: { by: 'own', othersUse: 'subtracted' } },
      new Map([['cpu', 1_500_000_000n]]),
    );
    host.put(nodes, HOST);
    await sync.reconcile(NAME);
    await sync.reconcile(NAME);
    expect(node()?.status).toMatchObject({ capacity: { cpu: '4' }, allocatable: { cpu: '2500m' } });
  });

  it('do not bring back a taint that the tenant has just taken away', async () => {
    const { host, virtual, virtualNodes, sync, node } = syncing({ mode: 'all' });
    const mine = { key: 'mine', effect: 'NoSchedule' };
    host.put(nodes, HOST);
    await sync.reconcile(NAME);
    virtual.put<Node>(nodes, { ...node(), metadata: { ...node()?.metadata }, spec: { taints: [mine] } });
    virtualNodes.lag();
    virtual.put<Node>(nodes, { ...node(), metadata: { ...node()?.metadata }, spec: {} });
    host.put(nodes, { ...HOST, spec: { taints: [{ key: 'hosts', effect: 'NoSchedule' }] } });
    await expect(sync.reconcile(NAME)).rejects.toMatchObject({ code: 'API_CONFLICT' });
    expect(node()?.spec?.taints ?? []).toEqual([]);
  });

  it('leave a node of the tenant’s in their place alone, and say so', async () => {
    const { host, virtual, sync, warnings, node } = syncing({ mode: 'all' });
    host.put(nodes, HOST);
    virtual.put(nodes, { metadata: { name: NAME } });
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    expect(node()?.metadata.labels).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('NameTaken')]);
  });
});

describe('what a tenant may write to the host’s nodes', () => {
  const toHost = { labels: ['team-a.example.com/*'] };

  it('is written there', async () => {
    const { host, virtual, sync, node } = syncing({ mode: 'all', toHost });
    host.put(nodes, HOST);
    await sync.reconcile(NAME);
    const found = node();
    virtual.put<Node>(nodes, {
      ...found,
      metadata: { ...found?.metadata, labels: { ...found?.metadata.labels, 'team-a.example.com/x': '1', other: '2' } },
    });
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'patched' });
    expect(host.peek<Node>(nodes, NAME)?.metadata.labels).toEqual({ pool: 'fast', 'team-a.example.com/x': '1' });
  });

  it('is told when somebody else holds the key', async () => {
    const { host, virtual, sync, node, warnings } = syncing({ mode: 'all', toHost });
    host.put(nodes, { ...HOST, metadata: { ...HOST.metadata, labels: { 'team-a.example.com/x': 'theirs' } } });
    await sync.reconcile(NAME);
    const found = node();
    virtual.put<Node>(nodes, {
      ...found,
      metadata: { ...found?.metadata, labels: { ...found?.metadata.labels, 'team-a.example.com/x': '1' } },
    });
    await sync.reconcile(NAME);
    expect(warnings).toEqual([expect.stringContaining('team-a.example.com/x')]);
    expect(host.peek<Node>(nodes, NAME)?.metadata.labels).toEqual({ 'team-a.example.com/x': 'theirs' });
  });
});

describe('real nodes in use', () => {
  it('come with the first pod, and go with the last', async () => {
    const { host, virtual, sync, node, changed } = syncing({ mode: 'realInUse' });
    host.put(nodes, HOST);
    expect(changed).toEqual([]);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    await sync.ensure(NAME);
    expect(node()?.metadata.labels).toMatchObject({ pool: 'fast' });
    virtual.put(pods, WEB);
    await sync.reconcile(NAME);
    virtual.remove(pods, 'shop/web');
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'deleted' });
  });
});

describe('selected nodes', () => {
  it('become fake for their pods when the host takes the label away', async () => {
    const { host, virtual, sync, node } = syncing({ mode: 'selected', selector: { pool: 'fast' } });
    host.put(nodes, HOST);
    virtual.put(pods, WEB);
    await sync.reconcile(NAME);
    host.put(nodes, { ...HOST, metadata: { ...HOST.metadata, labels: { pool: 'slow' } } });
    await sync.reconcile(NAME);
    expect(node()?.metadata.labels).toMatchObject({ [LABELS.fakeNode]: 'true' });
    expect(node()?.metadata.labels?.pool).toBeUndefined();
    virtual.remove(pods, 'shop/web');
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'deleted' });
  });
});
