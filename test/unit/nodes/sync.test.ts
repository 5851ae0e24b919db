import { LABELS, nodeServiceName } from '../../../lib/contract';
import { hostMetadata } from '../../../syncer/engine/metadata';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { Node } from '../../../syncer/nodes';
import type { NodeSources } from '../../../syncer/nodes/sources';
import { NodeSync } from '../../../syncer/nodes/sync';
import type { Pod } from '../../../syncer/pods/types';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { conditions } from '../pods/fixtures';

const { nodes, pods, services } = RESOURCES;
const NAME = 'worker-1';
const SERVICE_KEY = `${ARTICLE.hostNamespace}/${nodeServiceName(ARTICLE.cluster, NAME)}`;
const WEB: Pod = { metadata: { name: 'web', namespace: 'shop', uid: 'u1' }, spec: { containers: [] } };
const bound = (pod: Pod, node = NAME): Pod => ({ ...pod, spec: { ...pod.spec, nodeName: node } });
const onHost = (pod: Pod): Pod => ({ ...pod, metadata: hostMetadata(pod, ARTICLE) });

/** What fake nodes are made from. */
const NO_SOURCES: NodeSources = { hostNodes: undefined, othersUse: () => new Map(), subscribe: () => {} };

/** Nodes at work between a virtual cluster and a host that gives out addresses. */
function syncing() {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  const podIndex = 'node';
  const indexers = { [podIndex]: ({ spec }: Pod) => (spec.nodeName ? [spec.nodeName] : []) };
  const announced: { readonly addresses: readonly string[]; readonly nodes: readonly string[] }[] = [];
  const hostServices = host.cache<Service>(services);
  const sync = new NodeSync({
    context: ARTICLE,
    hostServices: new Side(hostServices, withAddresses(host)),
    nodes: new Side(virtual.cache<Node>(nodes), virtual),
    virtualPods: virtual.cache<Pod>(pods, { indexers }),
    hostPods: host.cache<Pod>(pods, { indexers }),
    podIndex,
    sources: NO_SOURCES,
    recorder: { warn: () => {} },
    onAddresses: (addresses) => announced.push({ addresses, nodes: virtual.keys(nodes) }),
    now: () => virtual.now,
  });
  const node = () => virtual.peek<Node>(nodes, NAME);
  const service = () => host.peek<Service>(services, SERVICE_KEY);
  const writes = () => [...virtual.writes, ...host.writes];
  return { virtual, host, hostServices, sync, announced, node, service, writes };
}

/** An API server gives each new Service an address. */
function withAddresses(host: MemoryApi): MemoryApi {
  let last = 6;
  const create = host.create.bind(host);
  host.create = (resource, namespace, object) => {
    last += 1;
    const { spec } = object as Service;
    return create(resource, namespace, { ...object, spec: { ...spec, clusterIP: `10.96.0.${last}` } });
  };
  return host;
}

/** As {@link syncing}, with a pod on the node and nothing left to do. */
async function synced() {
  const both = syncing();
  both.virtual.put(pods, bound(WEB));
  both.host.put(pods, bound(onHost(WEB)));
  expect(await both.sync.reconcile(NAME)).toEqual({ kind: 'created' });
  await both.sync.reconcile(NAME);
  both.virtual.take();
  both.host.take();
  return both;
}

const readyOf = (node: Node | undefined) => node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;

describe('a virtual node', () => {
  it('comes with the first pod that is bound to it, at the address of its Service on the host', async () => {
    const { node, service } = await synced();
    expect(service()?.metadata.labels).toMatchObject({ [LABELS.managedBy]: ARTICLE.cluster });
    expect(node()?.status?.addresses).toContainEqual({ type: 'InternalIP', address: '10.96.0.7' });
    expect(readyOf(node())).toBe('True');
  });

  it('is there before a pod is bound to it, however many ask for it at once', async () => {
    const { sync, node, writes } = syncing();
    await Promise.all([sync.ensure(NAME), sync.ensure(NAME), sync.ensure(NAME)]);
    expect(node()).toBeDefined();
    expect(writes().filter((line) => line.startsWith('POST'))).toEqual([
      `POST nodes ${NAME}`,
      `POST services ${SERVICE_KEY}`,
    ]);
  });

  it('that is there costs no request', async () => {
    const { sync, virtual, host } = await synced();
    await sync.ensure(NAME);
    expect([...virtual.requests, ...host.requests]).toEqual([]);
  });

  it('that stays as it is costs no request either, though time passes', async () => {
    const { sync, virtual, host } = await synced();
    virtual.now += 3_600_000;
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    expect([...virtual.requests, ...host.requests]).toEqual([]);
  });

  it("'s address is known to the kubelet API before the node has it", async () => {
    const { sync, announced } = syncing();
    await sync.ensure(NAME);
    await sync.ensure('worker-2');
    expect(announced).toEqual([
      { addresses: ['10.96.0.7'], nodes: [] },
      { addresses: ['10.96.0.7', '10.96.0.8'], nodes: [NAME] },
    ]);
  });

  it('is found again by the syncer that comes after', async () => {
    const { sync, announced } = await synced();
    announced.length = 0;
    sync.announce();
    expect(announced).toMatchObject([{ addresses: ['10.96.0.7'] }]);
    expect([...sync.known()]).toEqual([NAME]);
  });

  it.each<[string, (both: Awaited<ReturnType<typeof synced>>) => void]>([
    ['the tenant deletes', ({ virtual }) => virtual.remove(nodes, NAME)],
    [
      'the tenant changes',
      ({ virtual, node }) => virtual.put(nodes, { ...node(), metadata: { ...node()?.metadata }, status: {} } as Node),
    ],
    ['loses its Service', ({ host }) => host.remove(services, SERVICE_KEY)],
    [
      'has its Service changed',
      ({ host, service }) =>
        host.put(services, {
          ...service(),
          metadata: { ...service()?.metadata },
          spec: { ...service()?.spec, selector: { app: 'x' } },
        } as Service),
    ],
  ])('that %s is made good', async (_how, act) => {
    const both = await synced();
    const [{ spec, status } = {}, service] = [both.node(), both.service()];
    act(both);
    await both.sync.reconcile(NAME);
    expect(both.node()?.spec).toEqual(spec);
    expect(both.node()?.status?.conditions).toHaveLength(status?.conditions?.length ?? 0);
    expect(both.service()?.spec?.selector).toEqual(service?.spec?.selector);
    expect(both.node()?.status?.addresses?.[0]?.address).toBe(both.service()?.spec?.clusterIP);
  });

  it('keeps what the tenant put on it', async () => {
    const { virtual, sync, node } = await synced();
    const found = node();
    virtual.put<Node>(nodes, {
      ...found,
      metadata: { ...found?.metadata, labels: { ...found?.metadata.labels, disk: 'ssd' } },
    });
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    expect(node()?.metadata.labels?.disk).toBe('ssd');
  });
});

describe('a node that was lost', () => {
  const lost: Pod = {
    ...bound(onHost(WEB)),
    status: { conditions: conditions({ Ready: 'False', ContainersReady: 'True' }) },
  };

  it('shows in its pods, and is ready again when they are', async () => {
    const { host, sync, node } = await synced();
    host.put(pods, lost);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'patched' });
    expect(readyOf(node())).toBe('Unknown');
    expect(node()?.spec?.taints).toMatchObject([{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }]);
    host.put(pods, { ...lost, status: { conditions: conditions({ Ready: 'True', ContainersReady: 'True' }) } });
    await sync.reconcile(NAME);
    expect(readyOf(node())).toBe('True');
    expect(node()?.spec?.taints ?? []).toEqual([]);
  });

  it('is written once', async () => {
    const { host, virtual, sync } = await synced();
    host.put(pods, lost);
    await sync.reconcile(NAME);
    virtual.take();
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    expect(virtual.requests).toEqual([]);
  });
});

describe('a node goes', () => {
  it('with its last pod, and its Service with it', async () => {
    const { virtual, host, sync, node, service } = await synced();
    virtual.remove(pods, 'shop/web');
    host.remove(pods, `${ARTICLE.hostNamespace}/${onHost(WEB).metadata.name}`);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'deleted' });
    expect(node()).toBeUndefined();
    expect(service()).toBeUndefined();
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
  });

  it('when only pods of DaemonSets are left on it', async () => {
    const { virtual, sync } = await synced();
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'u', controller: true };
    virtual.put(pods, bound({ ...WEB, metadata: { ...WEB.metadata, ownerReferences: [owner] } }));
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'deleted' });
  });

  it('not while the host has placed a pod there that is still to be bound', async () => {
    const { virtual, sync } = await synced();
    virtual.put(pods, WEB);
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
  });

  it('not while another comes to it at the same time', async () => {
    const { sync, node, virtual } = syncing();
    virtual.put(pods, bound(WEB));
    await Promise.all([sync.ensure(NAME), sync.reconcile(NAME)]);
    expect(node()).toBeDefined();
  });
});

describe('nothing foreign is touched', () => {
  it('a node that the tenant made stays as it is, and gets no Service', async () => {
    const { virtual, sync, writes } = syncing();
    virtual.put(nodes, { metadata: { name: NAME } });
    virtual.put(pods, bound(WEB));
    expect(await sync.reconcile(NAME)).toEqual({ kind: 'unchanged' });
    virtual.remove(pods, 'shop/web');
    await sync.reconcile(NAME);
    expect(writes()).toEqual([]);
  });

  it('a Service that has the name of the node’s stays as it is', async () => {
    const { host, sync, virtual, service } = syncing();
    const [namespace = '', name = ''] = SERVICE_KEY.split('/');
    host.put<Service>(services, {
      metadata: { namespace, name },
      spec: { clusterIP: '10.96.0.99', selector: { app: 'theirs' } },
    });
    virtual.put(pods, bound(WEB));
    await sync.reconcile(NAME).catch(() => undefined);
    virtual.remove(pods, 'shop/web');
    await sync.reconcile(NAME);
    expect(service()?.spec?.selector).toEqual({ app: 'theirs' });
    expect(host.writes.filter((line) => !line.startsWith('POST'))).toEqual([]);
  });

  it('a Service that comes back under the name between look and deletion stays', async () => {
    const { host, hostServices, virtual, sync, service } = await synced();
    hostServices.lag();
    host.remove(services, SERVICE_KEY);
    const [namespace = '', name = ''] = SERVICE_KEY.split('/');
    host.put(services, { metadata: { namespace, name } });
    virtual.remove(pods, 'shop/web');
    await sync.reconcile(NAME);
    expect(service()).toBeDefined();
  });
});

describe('what the caches do not show yet', () => {
  it('is found on the server: a node and a Service that exist are taken over', async () => {
    const first = await synced();
    const { virtual, host, announced } = first;
    const again = new NodeSync({
      context: ARTICLE,
      hostServices: new Side(lagging(host.cache<Service>(services, { synced: false })), host),
      nodes: new Side(lagging(virtual.cache<Node>(nodes, { synced: false })), virtual),
      virtualPods: virtual.cache<Pod>(pods, { indexers: { node: () => [NAME] } }),
      hostPods: host.cache<Pod>(pods, { indexers: { node: () => [NAME] } }),
      podIndex: 'node',
      sources: NO_SOURCES,
      recorder: { warn: () => {} },
      onAddresses: (addresses) => announced.push({ addresses, nodes: [NAME] }),
      now: () => virtual.now,
    });
    await again.ensure(NAME);
    expect(first.node()?.status?.addresses).toContainEqual({ type: 'InternalIP', address: '10.96.0.7' });
    expect(announced.at(-1)?.addresses).toEqual(['10.96.0.7']);
  });
});

function lagging<C extends { lag(): void }>(cache: C): C {
  cache.lag();
  return cache;
}
