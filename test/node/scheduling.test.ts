import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, pod, webPod } from '../support/manifests';

describe('a virtual cluster with a scheduler of its own', () => {
  let cluster: TestCluster;
  let node: string;
  beforeAll(async () => {
    const flags = ['nodes.mode=all', 'nodes.scheduling.by=own', 'nodes.scheduling.othersUse=subtracted'];
    cluster = await createTestCluster(
      'own-scheduler',
      flags.flatMap((one) => ['--set', one]),
    );
    node = (await eventually(async () => (await cluster.json(['get', 'nodes'])).items[0], { what: 'a node' })).metadata
      .name;
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  const onHost = (name: string) =>
    cluster.host.tryKubectl(['get', 'pod', `${name}-x-default-x-own-scheduler`, '-n', cluster.namespace, '-o', 'json']);
  const scheduled = async (name: string) => {
    const { status } = await cluster.json(['get', 'pod', name]);
    return status.conditions?.find(({ type }: { type: string }) => type === 'PodScheduled');
  };

  test('its nodes have the room that others leave', async () => {
    const [host] = (await cluster.host.json(['get', 'nodes'])).items;
    const shown = await cluster.json(['get', 'node', node]);
    expect(Number(shown.status.allocatable.pods)).toBeLessThan(Number(host.status.allocatable.pods));
    expect(shown.status.capacity).toEqual(host.status.capacity);
  }, 60_000);

  test('a taint that only the tenant sees keeps a pod waiting, away from the host, until it goes', async () => {
    await cluster.kubectl(['taint', 'node', node, 'mine=yes:NoSchedule']);
    await cluster.apply(webPod('tainted'));
    await eventually(async () => (await scheduled('tainted'))?.reason === 'Unschedulable', {
      what: 'the scheduler’s refusal',
    });
    expect((await scheduled('tainted')).message).toContain('untolerated taint');
    expect((await onHost('tainted')).code).not.toBe(0);
    await cluster.kubectl(['taint', 'node', node, 'mine-']);
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/tainted', '--timeout=60s']);
    const host = JSON.parse((await onHost('tainted')).stdout);
    expect(host.spec.nodeName).toBe(node);
  }, 120_000);

  test('a label that only the tenant sees is selected by', async () => {
    await cluster.apply(webPod('labelled', { nodeSelector: { disk: 'ssd' } }));
    await eventually(async () => (await scheduled('labelled'))?.reason === 'Unschedulable', {
      what: 'the scheduler’s refusal',
    });
    await cluster.kubectl(['label', 'node', node, 'disk=ssd']);
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/labelled', '--timeout=60s']);
  }, 120_000);

  test('a drained node gives up its pods and takes new ones when it is uncordoned', async () => {
    await cluster.apply(deployment('drained'));
    await cluster.kubectl(['rollout', 'status', 'deployment/drained', '--timeout=60s']);
    await cluster.kubectl(
      ['drain', node, '--ignore-daemonsets', '--force', '--delete-emptydir-data', '--timeout=90s'],
      { timeoutMs: 100_000 },
    );
    const pods = async () => (await cluster.json(['get', 'pods', '-l', 'app=drained'])).items;
    const [pending] = await eventually(
      async () => {
        const all = await pods();
        return all.length === 1 && all[0].spec.nodeName === undefined ? all : undefined;
      },
      { what: 'a pod without a node in its place' },
    );
    expect((await onHost(pending.metadata.name)).code).not.toBe(0);
    const { spec } = await cluster.json(['get', 'node', node]);
    expect(spec.unschedulable).toBe(true);
    const [host] = (await cluster.host.json(['get', 'nodes'])).items;
    expect(host.spec.unschedulable).toBeUndefined();
    await cluster.kubectl(['uncordon', node]);
    await cluster.kubectl(['rollout', 'status', 'deployment/drained', '--timeout=90s']);
  }, 240_000);

  test('a volume that waits for its pod is made on the node that the scheduler has chosen', async () => {
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: 'default' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'local-path',
          resources: { requests: { storage: '8Mi' } },
        },
      },
      pod(
        'writer',
        {
          command: ['sh', '-c', 'echo kept > /data/file; sleep 3600'],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
        { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
      ),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/writer', '--timeout=120s']);
    expect(await cluster.kubectl(['exec', 'writer', '--', 'cat', '/data/file'])).toContain('kept');
    const { metadata, status } = await cluster.json(['get', 'pvc', 'data']);
    expect(status.phase).toBe('Bound');
    expect(metadata.annotations['volume.kubernetes.io/selected-node']).toBe(node);
  }, 150_000);

  test('a pod for a scheduler that the tenant has installed waits for it', async () => {
    await cluster.apply(webPod('custom', { schedulerName: 'mine' }));
    await cluster.apply(webPod('after'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/after', '--timeout=60s']);
    expect((await onHost('custom')).code).not.toBe(0);
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'custom', namespace: 'default' },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    await cluster.kubectl(['create', '--raw', '/api/v1/namespaces/default/pods/custom/binding', '-f', '-'], {
      input: JSON.stringify(binding),
    });
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/custom', '--timeout=60s']);
  }, 120_000);
});

describe('a virtual cluster that may use selected nodes only', () => {
  const LABEL = 'selected-nodes-test';
  let cluster: TestCluster;
  beforeAll(async () => {
    const flags = ['nodes.mode=selected', `nodes.selector.${LABEL}=yes`];
    cluster = await createTestCluster(
      'selected-nodes',
      flags.flatMap((one) => ['--set', one]),
    );
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  test('has its pods wait until a node is among them, whatever they select themselves', async () => {
    await cluster.apply(webPod('plain'), webPod('wide', { nodeSelector: { 'kubernetes.io/os': 'linux' } }));
    for (const name of ['plain', 'wide']) {
      await eventually(
        async () => {
          const { status } = await cluster.json(['get', 'pod', name]);
          return status.conditions?.some((one: { reason?: string }) => one.reason === 'Unschedulable');
        },
        { what: `${name} to find no node` },
      );
    }
    expect((await cluster.json(['get', 'nodes'])).items).toEqual([]);
    const [host] = (await cluster.host.json(['get', 'nodes'])).items;
    await cluster.host.kubectl(['label', 'node', host.metadata.name, `${LABEL}=yes`]);
    try {
      await cluster.kubectl(['wait', '--for=condition=ready', 'pod/plain', 'pod/wide', '--timeout=60s']);
      const [shown] = (await cluster.json(['get', 'nodes'])).items;
      expect(shown.metadata.labels[LABEL]).toBe('yes');
    } finally {
      await cluster.host.kubectl(['label', 'node', host.metadata.name, `${LABEL}-`]);
    }
  }, 150_000);
});
