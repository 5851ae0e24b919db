import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execInHost, hostDown, hostStatus, hostUp, kubectlDirectory } from '../../host';
import { kubectlTarget, sublet } from '../support/cluster';
import { output } from '../support/command';
import { eventually } from '../support/eventually';
import { prepareImages } from '../support/images';
import { webPod } from '../support/manifests';
import { SHARED_HOST } from '../support/shared-host';

/** A host cluster of its own, since its kubelet is killed. */
const HOST = `${SHARED_HOST}-loss`;

describe('the death of a host node', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sublet-node-loss-'));
    await prepareImages(await hostUp({ name: HOST }));
  }, 180_000);
  afterAll(async () => {
    await hostDown({ name: HOST });
    await rm(home, { recursive: true, force: true });
  }, 60_000);

  test('is seen inside, without any right on the host’s nodes, and so is its return', async () => {
    const handle = await hostUp({ name: HOST });
    const { kubeconfig } = handle;
    const config = join(home, 'kubeconfig');
    await output('cp', [kubeconfig, config]);
    const env = { HOME: home, KUBECONFIG: config };
    const made = await sublet(['create', 'loss', '--store', 'ephemeral'], env);
    expect(made.stderr).toContain('ready');
    const cluster = kubectlTarget(config);
    await cluster.apply(webPod('witness'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/witness', '--timeout=60s']);

    const kubelet = (await hostStatus({ name: HOST })).components.find(({ name }) => name === 'kubelet');
    if (kubelet?.pid === undefined) throw new Error('the kubelet does not run');
    process.kill(kubelet.pid, 'SIGKILL');
    const host = kubectlTarget(kubeconfig);
    const controlPlane = await host.json(['get', 'pod', 'loss-0', '-n', 'vcluster-loss']);
    const onHost = () => host.json(['get', 'pod', 'witness-x-default-x-loss', '-n', 'vcluster-loss']);
    await eventually(async () => readiness(await onHost()) === 'False', {
      what: 'the host to take the pod for lost',
      timeoutMs: 120_000,
    });

    // Port-forwards need the kubelet, and Services lead to no pod of a lost node: what is left is the pod's own address.
    const direct = [
      join(kubectlDirectory(), 'kubectl'),
      `--kubeconfig=${config}`,
      `--server=https://${controlPlane.status.podIP}:8443`,
      '--tls-server-name=kubernetes',
      '--request-timeout=5s',
    ];
    const seenInside = async (...what: string[]) =>
      JSON.parse((await execInHost(handle, [...direct, 'get', ...what, '-o', 'json'])).stdout);
    await eventually(async () => readiness((await seenInside('nodes')).items[0]) === 'Unknown', {
      what: 'the virtual node to be lost as well',
      timeoutMs: 30_000,
    });
    await eventually(async () => readiness(await seenInside('pod', 'witness')) === 'False', {
      what: 'the pod not to be ready inside',
    });

    await hostUp({ name: HOST });
    await eventually(async () => readiness(await cluster.json(['get', 'pod', 'witness'])) === 'True', {
      what: 'the pod to be ready again inside',
      timeoutMs: 120_000,
    });
    const { items } = await cluster.json(['get', 'events', '-A']);
    const reasons = items.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toContain('NodeNotReady');
    await eventually(
      async () => {
        const [node] = (await cluster.json(['get', 'nodes'])).items;
        return readiness(node) === 'True' && !(node.spec.taints ?? []).some(isUnreachable);
      },
      { what: 'the virtual node to be ready again' },
    );
    const [node] = (await cluster.json(['get', 'nodes'])).items;
    const ready = node.status.conditions.find(({ type }: { type: string }) => type === 'Ready');
    // It was lost in between: a node that never was keeps the time at which it was made.
    expect(ready.lastTransitionTime > node.metadata.creationTimestamp).toBe(true);
  }, 420_000);
});

function readiness(object: {
  status: { conditions: readonly { type: string; status: string }[] };
}): string | undefined {
  return object.status.conditions.find(({ type }) => type === 'Ready')?.status;
}

function isUnreachable({ key }: { key: string }): boolean {
  return key === 'node.kubernetes.io/unreachable';
}
