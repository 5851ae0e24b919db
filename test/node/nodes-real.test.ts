import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { daemonSet, webPod } from '../support/manifests';

describe('a virtual cluster with all nodes of the host', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    const flags = [
      'nodes.mode=all',
      'nodes.metrics.kubelet=true',
      'nodes.toHost.labels[0]=real-nodes.example.com/*',
    ].flatMap((one) => ['--set', one]);
    cluster = await createTestCluster('real-nodes', flags);
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  const hostNode = async () => (await cluster.host.json(['get', 'nodes'])).items[0];
  const node = async () => (await cluster.json(['get', 'nodes'])).items[0];

  test('shows them with their labels, amounts and software, at the address of a Service, and nothing of the machine', async () => {
    const host = await hostNode();
    const shown = await eventually(node, { what: 'the node' });
    expect(shown.metadata.name).toBe(host.metadata.name);
    expect(shown.metadata.labels).toMatchObject(host.metadata.labels);
    expect(shown.status.capacity).toEqual(host.status.capacity);
    expect(shown.status.allocatable).toEqual(host.status.allocatable);
    expect(shown.status.nodeInfo.kubeletVersion).toBe(host.status.nodeInfo.kubeletVersion);
    expect(shown.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    const service = await cluster.host.json([
      'get',
      'service',
      `real-nodes-node-${host.metadata.name}`,
      '-n',
      cluster.namespace,
    ]);
    expect(shown.status.addresses).toContainEqual({ type: 'InternalIP', address: service.spec.clusterIP });
    const text = JSON.stringify(shown);
    expect(text).not.toContain(host.status.nodeInfo.machineID);
    expect(shown.status.images).toBeUndefined();
  }, 60_000);

  test('a DaemonSet runs on each of them', async () => {
    await cluster.apply(daemonSet('agent'));
    await cluster.kubectl(['rollout', 'status', 'daemonset/agent', '--timeout=60s']);
    const { status } = await cluster.json(['get', 'daemonset', 'agent']);
    const count = (await cluster.host.json(['get', 'nodes'])).items.length;
    expect(status).toMatchObject({ desiredNumberScheduled: count, numberReady: count });
    const [pod] = (await cluster.json(['get', 'pods', '-l', 'app=agent'])).items;
    expect(await cluster.kubectl(['exec', pod.metadata.name, '--', 'echo', 'here'])).toContain('here');
  }, 90_000);

  test('labels come and go with the host’s node, and beside them the tenant’s', async () => {
    const { name } = (await hostNode()).metadata;
    await cluster.kubectl(['label', 'node', name, 'mine=yes']);
    await cluster.host.kubectl(['label', 'node', name, 'real-nodes-test=fast']);
    try {
      await eventually(async () => (await node()).metadata.labels['real-nodes-test'] === 'fast', {
        what: 'the host’s label',
      });
    } finally {
      await cluster.host.kubectl(['label', 'node', name, 'real-nodes-test-']);
    }
    await eventually(async () => (await node()).metadata.labels['real-nodes-test'] === undefined, {
      what: 'the host’s label to go',
    });
    expect((await node()).metadata.labels.mine).toBe('yes');
  }, 60_000);

  test('a label of a listed prefix reaches the host’s node, and is taken back', async () => {
    const { name } = (await hostNode()).metadata;
    const key = 'real-nodes.example.com/pool';
    await cluster.kubectl(['label', 'node', name, `${key}=a`]);
    await eventually(async () => (await hostNode()).metadata.labels[key] === 'a', { what: 'the label on the host' });
    await cluster.kubectl(['label', 'node', name, `${key}-`]);
    await eventually(async () => (await hostNode()).metadata.labels[key] === undefined, {
      what: 'the label to leave the host',
    });
    expect((await hostNode()).metadata.labels.mine).toBeUndefined();
  }, 60_000);

  test('a node that the tenant deletes comes back', async () => {
    const { name, uid } = (await node()).metadata;
    await cluster.kubectl(['delete', 'node', name, '--wait=false']);
    await eventually(async () => (await cluster.json(['get', 'node', name])).metadata.uid !== uid, {
      what: 'the node to come back',
    });
  }, 60_000);

  test('its kubelets’ measurements hold the pods of the cluster alone, under their own names', async () => {
    await cluster.apply(webPod('measured'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/measured', '--timeout=60s']);
    const { name } = (await node()).metadata;
    const ask = (what: string) => cluster.kubectl(['get', '--raw', `/api/v1/nodes/${name}/proxy/${what}`]);
    const summary = await eventually(
      async () => {
        const { node: whole, pods } = JSON.parse(await ask('stats/summary'));
        return pods.some((one: Measured) => one.podRef.name === 'measured') ? { whole, pods } : undefined;
      },
      { what: 'the pod’s measurements' },
    );
    expect(summary.whole.cpu.usageNanoCores).toBeGreaterThan(0);
    const own: Measured[] = (await cluster.json(['get', 'pods', '-A'])).items.map(
      ({ metadata }: { metadata: { name: string } }) => ({ podRef: { name: metadata.name } }),
    );
    const names = own.map(({ podRef }) => podRef.name);
    for (const { podRef } of summary.pods as Measured[]) expect(names).toContain(podRef.name);
    for (const what of ['metrics/resource', 'metrics/cadvisor']) {
      const text = await ask(what);
      expect(text).toContain('pod="measured"');
      expect(text).not.toContain('-x-');
      expect(text).not.toContain('real-nodes-0');
    }
  }, 120_000);

  interface Measured {
    readonly podRef: { readonly name: string };
  }
});
