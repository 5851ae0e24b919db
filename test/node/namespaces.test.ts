import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, namespace, pod, service } from '../support/manifests';

describe('a virtual cluster whose namespaces have host namespaces of their own', () => {
  let cluster: TestCluster;
  let isGone = false;
  beforeAll(async () => {
    cluster = await createTestCluster('spread', ['--set', 'namespaces.mode=perNamespace']);
    await cluster.apply(namespace('shop'));
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'whose', namespace: 'shop' },
        data: { greeting: 'hello' },
      },
      deployment('web', { namespace: 'shop', args: ['netexec', '--http-port=8080'] }),
      service('web', {}, 'shop'),
      pod(
        'reader',
        {
          command: ['sh', '-c', 'echo "$GREETING"; sleep 3600'],
          env: [{ name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'whose', key: 'greeting' } } }],
        },
        {},
        'shop',
      ),
    );
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=120s']);
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/reader', '-n', 'shop', '--timeout=90s']);
  }, 300_000);
  afterAll(async () => {
    if (!isGone) await cluster?.[Symbol.asyncDispose]();
  }, 120_000);

  test('runs its pods there under their own names, with their configuration and tokens', async () => {
    const { items } = await cluster.host.json(['get', 'pods', '-n', 'spread-shop']);
    const names = items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    expect(names).toEqual(['reader', expect.stringMatching(/^web-[^x]/)]);
    expect((await cluster.kubectl(['logs', 'reader', '-n', 'shop'])).trim()).toBe('hello');
    const token = 'cat /var/run/secrets/kubernetes.io/serviceaccount/token | wc -c';
    expect(Number(await cluster.kubectl(['exec', 'reader', '-n', 'shop', '--', 'sh', '-c', token]))).toBeGreaterThan(
      100,
    );
  }, 60_000);

  test('reaches its Services by name', async () => {
    const agnhost = ['exec', 'deploy/web', '-n', 'shop', '--', '/agnhost'];
    await cluster.kubectl([...agnhost, 'connect', '--timeout=5s', 'web.shop.svc.cluster.local:80']);
  }, 60_000);

  test('takes its host namespaces along when it is deleted', async () => {
    await cluster[Symbol.asyncDispose]();
    isGone = true;
    const left = async () => (await cluster.host.kubectl(['get', 'namespaces', '-o', 'name'])).includes('spread');
    await eventually(async () => !(await left()), { what: 'the host namespaces to go', timeoutMs: 60_000 });
    const roles = await cluster.host.kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name']);
    expect(roles).not.toContain('vc-spread');
  }, 180_000);
});
