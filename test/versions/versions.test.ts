import { KUBERNETES_VERSIONS } from '../../lib/spec';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { AGNHOST, deployment, pod, service, statefulSet } from '../support/manifests';
import { hostWithVersion, versionsHostDown } from '../support/versions-host';

/** Where the binaries of a version are not cached, they are built first. */
const BUILD_TIMEOUT_MS = 45 * 60_000;

afterAll(versionsHostDown, 120_000);

describe.each(Object.entries(KUBERNETES_VERSIONS))('a virtual cluster of Kubernetes %s', (minor, version) => {
  let cluster: TestCluster;
  beforeAll(async () => {
    const host = await hostWithVersion(version);
    const name = `v${minor.replace('.', '-')}`;
    cluster = await createTestCluster(name, ['--kubernetes-version', minor], host);
  }, BUILD_TIMEOUT_MS);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  const exec = (target: string, ...words: readonly string[]) =>
    cluster.kubectl(['exec', target, '--', ...words]).then((text) => text.trim());

  test('its API server is of that version', async () => {
    const { serverVersion } = await cluster.json(['version']);
    expect(serverVersion.gitVersion).toBe(`v${version}`);
  }, 30_000);

  test('a Deployment runs behind a Service that has one address on both sides, and rolls out anew', async () => {
    await cluster.apply(deployment('web', { replicas: 2 }), service('web'));
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
    const inside = await cluster.json(['get', 'service', 'web']);
    const onHost = await cluster.host.json([
      'get',
      'service',
      `web-x-default-x-${cluster.name}`,
      '-n',
      cluster.namespace,
    ]);
    expect(onHost.spec.clusterIP).toBe(inside.spec.clusterIP);
    await cluster.kubectl(['rollout', 'restart', 'deployment/web']);
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
    await eventually(
      async () =>
        (await cluster.tryKubectl(['exec', 'deployment/web', '--', '/agnhost', 'connect', 'web.default:80'])).code ===
        0,
      { what: 'the Service to answer under its name' },
    );
  }, 240_000);

  test('logs, exec with its exit code, and the proxy of a Service reach its pods', async () => {
    expect(await cluster.kubectl(['logs', 'deployment/web'])).toContain('Started HTTP server');
    expect(await exec('deployment/web', 'echo', 'hello')).toBe('hello');
    const failed = await cluster.tryKubectl(['exec', 'deployment/web', '--', 'sh', '-c', 'exit 7']);
    expect(failed.code).toBe(7);
    expect(
      await cluster.kubectl(['get', '--raw', '/api/v1/namespaces/default/services/web:http/proxy/echo?msg=hi']),
    ).toBe('hi');
  }, 120_000);

  test('a StatefulSet has stable names', async () => {
    await cluster.apply(statefulSet('db', { replicas: 2 }), service('db', { clusterIP: 'None' }));
    await cluster.kubectl(['rollout', 'status', 'statefulset/db', '--timeout=90s']);
    expect(await exec('db-0', 'hostname', '-f')).toBe('db-0.db.default.svc.cluster.local');
    await eventually(
      async () => (await cluster.tryKubectl(['exec', 'db-0', '--', '/agnhost', 'connect', 'db-1.db:8080'])).code === 0,
      {
        what: 'db-0 to reach db-1 by its name',
      },
    );
  }, 240_000);

  test('a pod asks its own API server with its own token, and sees its ConfigMap', async () => {
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'default' },
        data: { a: 'blue' },
      },
      pod('client', {
        image: AGNHOST,
        args: ['inclusterclient', '--poll-interval=1'],
        env: [{ name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }],
      }),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/client', '--timeout=60s']);
    const log = await eventually(
      async () => {
        const text = await cluster.kubectl(['logs', 'client']);
        return text.split('calling /healthz').length > 2 ? text : undefined;
      },
      { what: 'the pod to ask https://kubernetes.default twice' },
    );
    expect(log).not.toMatch(/status=failed|authz_header=<empty>/);
    expect(await exec('client', 'sh', '-c', 'echo $COLOUR')).toBe('blue');
  }, 120_000);

  test('what is deleted goes on the host too, and the syncer met nothing that it does not know', async () => {
    await cluster.kubectl(['delete', 'deployment/web', 'statefulset/db', 'pod/client', '--timeout=60s']);
    await eventually(
      async () => {
        const names = await cluster.host.kubectl(['get', 'pods', '-n', cluster.namespace, '-o', 'name']);
        return !names.includes('-x-default-x-');
      },
      { what: 'the host pods to go' },
    );
    const log = await cluster.host.kubectl(['logs', `${cluster.name}-0`, '-c', 'syncer', '-n', cluster.namespace]);
    expect(log.split('\n').filter((line) => /"level":"(warn|error|fatal)"/.test(line))).toEqual([]);
  }, 120_000);
});
