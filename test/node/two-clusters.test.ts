import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, namespace, pod, service } from '../support/manifests';

/** What a test looks at in objects of any kind. */
interface Listed {
  readonly metadata: { readonly name: string; readonly uid: string };
}

describe('two virtual clusters on one host, with the same names inside', () => {
  let red: TestCluster;
  let blue: TestCluster;
  beforeAll(async () => {
    [red, blue] = await Promise.all([createTestCluster('red'), createTestCluster('blue')]);
    for (const cluster of [red, blue]) {
      await cluster.apply(namespace('shop'));
      await cluster.apply(
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'whose', namespace: 'shop' },
          data: { a: cluster.name },
        },
        deployment('web', { namespace: 'shop' }),
        service('web', {}, 'shop'),
        pod(
          'reader',
          {
            command: ['sh', '-c', 'echo "I am of $WHOSE"; sleep 3600'],
            env: [{ name: 'WHOSE', valueFrom: { configMapKeyRef: { name: 'whose', key: 'a' } } }],
          },
          {},
          'shop',
        ),
      );
    }
    for (const cluster of [red, blue]) {
      await cluster.kubectl(['rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=90s']);
      await cluster.kubectl(['wait', '--for=condition=ready', 'pod/reader', '-n', 'shop', '--timeout=60s']);
    }
  }, 300_000);
  let redIsGone = false;
  afterAll(async () => {
    if (!redIsGone) await red?.[Symbol.asyncDispose]();
    await blue?.[Symbol.asyncDispose]();
  }, 120_000);

  const list = async (cluster: TestCluster, kind: string): Promise<readonly Listed[]> =>
    (await cluster.json(['get', kind, '-n', 'shop'])).items;

  test('each sees its own objects only, and its pods read its own configuration', async () => {
    for (const cluster of [red, blue]) {
      const names = (await list(cluster, 'pods')).map(({ metadata }) => metadata.name);
      expect(names).toEqual(['reader', expect.stringMatching(/^web-/)]);
      const printed = await cluster.kubectl(['logs', 'reader', '-n', 'shop']);
      expect(printed.trim()).toBe(`I am of ${cluster.name}`);
    }
  }, 60_000);

  test('on the host each has its own objects in its own namespace, with addresses of their own', async () => {
    const addresses = [];
    for (const cluster of [red, blue]) {
      const pods = await cluster.host.kubectl(['get', 'pods', '-n', cluster.namespace, '-o', 'name']);
      expect(pods).toContain(`pod/reader-x-shop-x-${cluster.name}`);
      addresses.push((await cluster.json(['get', 'service', 'web', '-n', 'shop'])).spec.clusterIP);
    }
    expect(new Set(addresses).size).toBe(2);
  }, 60_000);

  test("one's credentials are nothing to the other", async () => {
    const token = (await red.kubectl(['create', 'token', 'default', '-n', 'shop'])).trim();
    const view = JSON.parse(await blue.kubectl(['config', 'view', '--minify', '-o', 'json']));
    const flags = ['--server', view.clusters[0].cluster.server, '--insecure-skip-tls-verify', '--kubeconfig=/dev/null'];
    const refused = await blue.tryKubectl(['auth', 'whoami', '--token', token, ...flags]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/Unauthorized|must be logged in/);
  }, 60_000);

  test('what is deleted in one goes on in the other, and so does the other when one is deleted whole', async () => {
    const before = await list(blue, 'pods');
    await red.kubectl(['delete', 'namespace', 'shop', '--timeout=60s']);
    const left = await red.host.kubectl(['get', 'pods', '-n', red.namespace, '-o', 'name']);
    expect(left).not.toContain('-x-shop-x-');
    await red[Symbol.asyncDispose]();
    redIsGone = true;
    expect(await list(blue, 'pods')).toMatchObject(before.map(({ metadata: { uid } }) => ({ metadata: { uid } })));
    await blue.kubectl(['scale', 'deployment/web', '-n', 'shop', '--replicas=2']);
    await eventually(
      async () => (await blue.json(['get', 'deployment', 'web', '-n', 'shop'])).status.readyReplicas === 2,
      { what: 'the other cluster to go on working' },
    );
  }, 180_000);
});
