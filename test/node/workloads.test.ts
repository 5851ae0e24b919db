import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { AGNHOST, deployment, pod, service, statefulSet, webPod } from '../support/manifests';

/** Finished when the pod's container has ended; the result is what it printed. */
async function printed(cluster: TestCluster, name: string): Promise<string> {
  await eventually(
    async () => ['Succeeded', 'Failed'].includes((await cluster.json(['get', 'pod', name])).status.phase),
    { what: `pod ${name} to end` },
  );
  return (await cluster.kubectl(['logs', name])).trim();
}

describe('what runs in a virtual cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await createTestCluster('workloads');
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  test('a Deployment comes up, rolls out, scales and goes', async () => {
    await cluster.apply(deployment('web', { replicas: 2 }), service('web'));
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
    await cluster.kubectl(['rollout', 'restart', 'deployment/web']);
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
    await cluster.kubectl(['scale', 'deployment/web', '--replicas=3']);
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
    await cluster.kubectl(['delete', 'deployment/web', '--timeout=60s']);
    await eventually(async () => (await cluster.json(['get', 'pods', '-l', 'app=web'])).items.length === 0, {
      what: 'the pods of the deleted Deployment to go',
    });
    const left = await cluster.host.json(['get', 'pods', '-n', cluster.namespace]);
    const names = left.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    expect(names.filter((name: string) => name.startsWith('web-'))).toEqual([]);
  }, 240_000);

  test('a StatefulSet has stable names that resolve, and each pod knows its own full name', async () => {
    await cluster.apply(statefulSet('db', { replicas: 2 }), service('db', { clusterIP: 'None' }));
    await cluster.kubectl(['rollout', 'status', 'statefulset/db', '--timeout=90s']);
    const name = await cluster.kubectl(['exec', 'db-0', '--', 'hostname', '-f']);
    expect(name.trim()).toBe('db-0.db.default.svc.cluster.local');
    expect((await cluster.kubectl(['exec', 'db-1', '--', 'hostname'])).trim()).toBe('db-1');
    for (const target of ['db-1.db:8080', 'db-1.db.default.svc.cluster.local:8080', 'db.default:8080']) {
      await eventually(
        async () => (await cluster.tryKubectl(['exec', 'db-0', '--', '/agnhost', 'connect', target])).code === 0,
        { what: `db-0 to reach ${target}` },
      );
    }
    await cluster.kubectl(['delete', 'statefulset/db', 'service/db']);
  }, 240_000);

  test('a Job runs to completion', async () => {
    await cluster.apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'sum', namespace: 'default' },
      spec: {
        completions: 2,
        parallelism: 2,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'sum', image: AGNHOST, command: ['sh', '-c', 'echo $((40 + 2))'] }],
          },
        },
      },
    });
    await cluster.kubectl(['wait', '--for=condition=complete', 'job/sum', '--timeout=90s']);
    expect((await cluster.kubectl(['logs', 'job/sum'])).trim()).toBe('42');
  }, 120_000);

  test('a pod sees its ConfigMaps and Secrets as environment and files, and follows their changes', async () => {
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'default' },
        data: { colour: 'blue' },
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'login', namespace: 'default' },
        stringData: { password: 'open sesame' },
      },
      pod(
        'reader',
        {
          command: [
            'sh',
            '-c',
            'echo "$COLOUR/$LOGIN_password/$(cat /settings/colour)/$(cat /login/password)"; sleep 3600',
          ],
          env: [{ name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } }],
          envFrom: [{ prefix: 'LOGIN_', secretRef: { name: 'login' } }],
          volumeMounts: [
            { name: 'settings', mountPath: '/settings' },
            { name: 'login', mountPath: '/login' },
          ],
        },
        {
          volumes: [
            { name: 'settings', configMap: { name: 'settings' } },
            { name: 'login', projected: { sources: [{ secret: { name: 'login' } }] } },
          ],
        },
      ),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/reader', '--timeout=60s']);
    expect((await cluster.kubectl(['logs', 'reader'])).trim()).toBe('blue/open sesame/blue/open sesame');

    await cluster.kubectl(['patch', 'configmap', 'settings', '-p', '{"data":{"colour":"green"}}']);
    await eventually(
      async () => (await cluster.kubectl(['exec', 'reader', '--', 'cat', '/settings/colour'])) === 'green',
      { what: 'the changed ConfigMap to reach the running pod', timeoutMs: 120_000 },
    );
  }, 240_000);

  test('the downward API shows the pod as the tenant knows it', async () => {
    const field = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    await cluster.apply(
      pod(
        'self',
        {
          command: ['sh', '-c', 'echo "$NAME/$NAMESPACE/$APP/$ACCOUNT/$(hostname)"; cat /podinfo/labels'],
          env: [
            field('NAME', 'metadata.name'),
            field('NAMESPACE', 'metadata.namespace'),
            field('APP', "metadata.labels['app']"),
            field('ACCOUNT', 'spec.serviceAccountName'),
          ],
          volumeMounts: [{ name: 'podinfo', mountPath: '/podinfo' }],
        },
        {
          volumes: [
            {
              name: 'podinfo',
              downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
            },
          ],
        },
      ),
    );
    expect(await printed(cluster, 'self')).toBe('self/default/self/default/self\napp="self"');
  }, 120_000);

  test('a pod talks to its own API server under the usual name, with a token that the host refuses', async () => {
    await cluster.apply(
      pod('client', { image: AGNHOST, args: ['inclusterclient', '--poll-interval=1'] }),
      webPod('bearer'),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/client', 'pod/bearer', '--timeout=60s']);
    const log = await eventually(
      async () => {
        const text = await cluster.kubectl(['logs', 'client']);
        return text.split('calling /healthz').length > 3 ? text : undefined;
      },
      { what: 'the pod to ask https://kubernetes.default three times' },
    );
    expect(log).not.toMatch(/status=failed|authz_header=<empty>/);
    const token = await cluster.kubectl([
      'exec',
      'bearer',
      '--',
      'cat',
      '/var/run/secrets/kubernetes.io/serviceaccount/token',
    ]);
    const review = await cluster.kubectl([
      '--token',
      token,
      'auth',
      'whoami',
      '-o',
      'json',
      '--kubeconfig',
      '/dev/null',
      ...(await serverFlags(cluster)),
    ]);
    expect(JSON.parse(review).status.userInfo.username).toBe('system:serviceaccount:default:default');
    const refused = await cluster.host.tryKubectl([
      '--token',
      token,
      'auth',
      'whoami',
      '--kubeconfig',
      '/dev/null',
      ...(await serverFlags(cluster.host)),
    ]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/Unauthorized|must be logged in/);
  }, 120_000);

  test('deleting with a grace period gives the container that long, and no longer', async () => {
    const command = ['sh', '-c', 'trap "" TERM; while true; do sleep 1; done'];
    await cluster.apply(pod('stubborn', { command }, { terminationGracePeriodSeconds: 600 }));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/stubborn', '--timeout=60s']);
    await cluster.kubectl(['delete', 'pod', 'stubborn', '--grace-period=2', '--timeout=60s']);
    const onHost = await cluster.host.kubectl(['get', 'pods', '-n', cluster.namespace, '-o', 'name']);
    expect(onHost).not.toContain('stubborn');
  }, 120_000);

  test('kubectl debug adds a container to a running pod', async () => {
    await cluster.apply(webPod('patient'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/patient', '--timeout=60s']);
    await cluster.kubectl([
      'debug',
      'patient',
      '--image',
      AGNHOST,
      '--container=doctor',
      // The default profile traces processes, which is more than baseline allows.
      '--profile=baseline',
      '--',
      'sh',
      '-c',
      'echo all well',
    ]);
    await eventually(
      async () => (await cluster.tryKubectl(['logs', 'patient', '-c', 'doctor'])).stdout.includes('all well'),
      {
        what: 'the debug container to run',
      },
    );
  }, 120_000);

  test('a failing container is restarted and counted, and its last words are kept', async () => {
    await cluster.apply(pod('phoenix', { command: ['sh', '-c', 'echo ashes; exit 3'] }, { restartPolicy: 'Always' }));
    const status = await eventually(
      async () => {
        const [container] = (await cluster.json(['get', 'pod', 'phoenix'])).status.containerStatuses ?? [];
        return container?.restartCount > 0 ? container : undefined;
      },
      { what: 'the container to be restarted' },
    );
    expect(status.lastState.terminated.exitCode).toBe(3);
    expect(await cluster.kubectl(['logs', 'phoenix', '--previous'])).toContain('ashes');
    await cluster.kubectl(['delete', 'pod', 'phoenix', '--now']);
  }, 120_000);

  test('a readiness gate that the tenant sets makes the pod ready', async () => {
    await cluster.apply(webPod('gated', { readinessGates: [{ conditionType: 'example.com/checked' }] }));
    await eventually(async () => (await cluster.json(['get', 'pod', 'gated'])).status.phase === 'Running', {
      what: 'the gated pod to run',
    });
    const conditions = [{ type: 'example.com/checked', status: 'True' }];
    await cluster.kubectl([
      'patch',
      'pod',
      'gated',
      '--subresource=status',
      '-p',
      JSON.stringify({ status: { conditions } }),
    ]);
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/gated', '--timeout=60s']);
  }, 120_000);
});

/** Flags that name a cluster's server without its credentials. */
async function serverFlags(target: { kubectl(args: readonly string[]): Promise<string> }): Promise<readonly string[]> {
  const view = JSON.parse(await target.kubectl(['config', 'view', '--minify', '--raw', '-o', 'json']));
  return ['--server', view.clusters[0].cluster.server, '--insecure-skip-tls-verify'];
}
