import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { webPod } from '../support/manifests';

describe('the nodes of a virtual cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await createTestCluster('nodes');
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  const nodes = async (): Promise<string[]> =>
    (await cluster.json(['get', 'nodes'])).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

  test('a node comes with the first pod, at the address of its host Service, and goes with the last', async () => {
    const [hostNode] = (await cluster.host.json(['get', 'nodes'])).items;
    const { name } = hostNode.metadata;
    await eventually(async () => (await nodes()).includes(name), { what: 'the node that CoreDNS runs on' });
    const node = await cluster.json(['get', 'node', name]);
    const service = await cluster.host.json(['get', 'service', `nodes-node-${name}`, '-n', cluster.namespace]);
    expect(node.status.addresses).toContainEqual({ type: 'InternalIP', address: service.spec.clusterIP });
    expect(node.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));

    await cluster.kubectl(['scale', 'deployment/coredns', '-n', 'kube-system', '--replicas=0']);
    await eventually(async () => (await nodes()).length === 0, { what: 'the unused node to go' });
    await eventually(
      async () =>
        (await cluster.host.tryKubectl(['get', 'service', `nodes-node-${name}`, '-n', cluster.namespace])).code !== 0,
      { what: 'the unused node Service to go' },
    );
    await cluster.kubectl(['scale', 'deployment/coredns', '-n', 'kube-system', '--replicas=1']);
    await eventually(async () => (await nodes()).includes(name), { what: 'the node to come back' });
  }, 120_000);

  test('a node that the tenant deletes comes back while pods run on it', async () => {
    const [name = ''] = await nodes();
    const { uid } = (await cluster.json(['get', 'node', name])).metadata;
    await cluster.kubectl(['delete', 'node', name, '--wait=false']);
    await eventually(async () => (await cluster.json(['get', 'node', name])).metadata.uid !== uid, {
      what: 'the node to come back',
    });
  }, 60_000);

  test('a pod that names its node runs there, and one that names an unknown node is refused with a reason', async () => {
    const [name = ''] = await nodes();
    await cluster.apply(webPod('placed', { nodeName: name }), webPod('lost', { nodeName: 'nowhere' }));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/placed', '--timeout=60s']);
    await eventually(
      async () =>
        (await cluster.kubectl(['get', 'events', '--field-selector=involvedObject.name=lost'])).includes('nodeName'),
      { what: 'an event that names the field' },
    );
    const onHost = await cluster.host.kubectl(['get', 'pods', '-n', cluster.namespace, '-o', 'name']);
    expect(onHost).not.toContain('pod/lost-x');
  }, 120_000);

  test.each<[what: string, spec: (cpu: string) => object]>([
    [
      'a container',
      (cpu) => ({ containers: [{ name: 'main', resources: { requests: { cpu }, limits: { cpu: '100m' } } }] }),
    ],
    ['a pod as a whole', (cpu) => ({ resources: { requests: { cpu }, limits: { cpu: '100m' } } })],
  ])(
    '%s is resized in place',
    async (_what, wanted) => {
      const name = `resized-${_what.replaceAll(' ', '-')}`;
      const before = webPod(name) as { spec: { containers: object[] } };
      const { containers, ...whole } = { containers: [{}], ...wanted('50m') };
      const main = { ...before.spec.containers[0], ...containers[0] };
      await cluster.apply({ ...before, spec: { ...before.spec, ...whole, containers: [main] } });
      await cluster.kubectl(['wait', '--for=condition=ready', `pod/${name}`, '--timeout=60s']);
      await cluster.kubectl([
        'patch',
        'pod',
        name,
        '--subresource=resize',
        '--patch',
        JSON.stringify({ spec: wanted('70m') }),
      ]);
      await eventually(
        async () => {
          const { status } = await cluster.json(['get', 'pod', name]);
          const inForce = status.resources ?? status.containerStatuses[0].resources;
          return inForce.requests?.cpu === '70m' || status.containerStatuses[0].resources?.requests?.cpu === '70m';
        },
        { what: 'the new amount to be in force' },
      );
      const { restartCount } = (await cluster.json(['get', 'pod', name])).status.containerStatuses[0];
      expect(restartCount).toBe(0);
    },
    90_000,
  );

  test('a pod that the host evicts or deletes is replaced by its controller inside', async () => {
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'evicted', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'evicted' } },
        template: {
          metadata: { labels: { app: 'evicted' } },
          spec: (webPod('any', { restartPolicy: 'Always' }) as { spec: object }).spec,
        },
      },
    });
    await cluster.kubectl(['rollout', 'status', 'deployment/evicted', '--timeout=60s']);
    const [before] = (await cluster.json(['get', 'pods', '-l', 'app=evicted'])).items;
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: onHost(before), namespace: cluster.namespace },
    };
    const path = `/api/v1/namespaces/${cluster.namespace}/pods/${onHost(before)}/eviction`;
    await cluster.host.kubectl(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
    const between = await replacement(before);
    await cluster.host.kubectl(['delete', 'pod', onHost(between), '-n', cluster.namespace, '--wait=false']);
    await replacement(between);
  }, 120_000);

  interface Pod {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status: { readonly phase: string };
  }

  const onHost = ({ metadata }: Pod): string => `${metadata.name}-x-default-x-nodes`;

  const replacement = (before: Pod): Promise<Pod> =>
    eventually(
      async () => {
        const pods: readonly Pod[] = (await cluster.json(['get', 'pods', '-l', 'app=evicted'])).items;
        const [only] = pods;
        return pods.length === 1 && only?.metadata.uid !== before.metadata.uid && only?.status.phase === 'Running'
          ? only
          : undefined;
      },
      { what: 'another pod in its place' },
    );
});
