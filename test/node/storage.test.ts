import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { BUSYBOX, pod } from '../support/manifests';
import { podProcesses } from '../support/pod-processes';

const NAME = 'storage';

/** A claim in the namespace `default`. */
function claim(name: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Mi' } }, ...spec },
  };
}

/** A pod that mounts a claim at /data and runs a command. */
function podWith(name: string, claimName: string, command: string): object {
  return pod(
    name,
    { command: ['sh', '-c', command], volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] },
  );
}

/** The warnings that the tenant sees about an object of theirs. */
async function warnings(cluster: TestCluster, kind: string, name: string): Promise<readonly string[]> {
  const selector = `involvedObject.kind=${kind},involvedObject.name=${name},type=Warning`;
  const { items } = await cluster.json(['get', 'events', '--field-selector', selector]);
  return items.map(({ reason, message }: { reason: string; message: string }) => `${reason}: ${message}`);
}

async function killSyncer(cluster: TestCluster): Promise<void> {
  const { uid } = (await cluster.host.json(['get', 'pod', `${cluster.name}-0`, '-n', cluster.namespace])).metadata;
  const victims = (await podProcesses(uid)).filter(({ command }) => /syncer\.cjs run/.test(command));
  expect(victims).not.toEqual([]);
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
}

describe('volumes of a real provisioner', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await createTestCluster(NAME);
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  const hostClaim = (name: string) =>
    cluster.host.json(['get', 'pvc', `${name}-x-default-x-${NAME}`, '-n', cluster.namespace]);
  const isGone = async (target: TestCluster['host'], args: readonly string[]) =>
    (await target.tryKubectl(['get', ...args])).stderr.includes('NotFound');

  test('a claim waits for its first pod, is bound with a volume to see, and goes on both sides with its data', async () => {
    await cluster.apply(claim('data'));
    await eventually(async () => (await hostClaim('data')).status.phase === 'Pending', {
      what: 'the claim on the host',
    });
    await eventually(async () => (await cluster.json(['get', 'pvc', 'data'])).spec.storageClassName === 'local-path', {
      what: 'the class that the host chose to be told',
    });
    expect((await cluster.json(['get', 'pvc', 'data'])).status.phase).toBe('Pending');

    await cluster.apply(podWith('writer', 'data', 'echo kept > /data/file; sleep 3600'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/writer', '--timeout=120s']);
    await cluster.kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/data', '--timeout=30s']);
    const bound = await cluster.json(['get', 'pvc', 'data']);
    expect(bound.status).toMatchObject({ accessModes: ['ReadWriteOnce'], capacity: { storage: '8Mi' } });
    expect(bound.metadata.annotations).toMatchObject({ 'pv.kubernetes.io/bind-completed': 'yes' });

    const volume = await cluster.json(['get', 'pv', bound.spec.volumeName]);
    expect(volume).toMatchObject({
      spec: {
        capacity: { storage: '8Mi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local-path',
        claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: bound.metadata.uid },
        csi: { driver: 'hidden.sublet.dev', volumeHandle: bound.spec.volumeName },
      },
      status: { phase: 'Bound' },
    });
    const real = await cluster.host.json(['get', 'pv', (await hostClaim('data')).spec.volumeName]);
    expect(JSON.stringify(volume)).not.toContain(real.spec.hostPath?.path ?? real.spec.local.path);

    // As long as a pod uses it the claim stays, on both sides, and no other pod may begin to.
    await cluster.kubectl(['delete', 'pvc', 'data', '--wait=false']);
    await eventually(async () => (await hostClaim('data')).metadata.deletionTimestamp !== undefined, {
      what: 'the deletion to reach the host',
    });
    expect((await cluster.json(['get', 'pvc', 'data'])).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    expect((await cluster.kubectl(['exec', 'writer', '--', 'cat', '/data/file'])).trim()).toBe('kept');

    await cluster.kubectl(['delete', 'pod', 'writer', '--grace-period=1']);
    await eventually(() => isGone(cluster, ['pvc', 'data']), { what: 'the claim to go' });
    await eventually(() => isGone(cluster, ['pv', bound.spec.volumeName]), { what: 'the volume shown to go' });
    await eventually(() => isGone(cluster.host, ['pvc', `data-x-default-x-${NAME}`, '-n', cluster.namespace]), {
      what: "the host's claim to go",
    });
    await eventually(() => isGone(cluster.host, ['pv', real.metadata.name]), {
      what: "the host's volume to go",
      timeoutMs: 90_000,
    });
  }, 400_000);

  test('a StatefulSet keeps its data across a new pod and a killed syncer', async () => {
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        serviceName: 'db',
        replicas: 1,
        selector: { matchLabels: { app: 'db' } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        template: {
          metadata: { labels: { app: 'db' } },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: 'db',
                image: BUSYBOX,
                command: ['sh', '-c', 'date +%s%N >> /data/starts; sleep 3600'],
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Mi' } } },
          },
        ],
      },
    });
    await cluster.kubectl(['rollout', 'status', 'statefulset/db', '--timeout=120s']);
    const starts = async () =>
      (await cluster.kubectl(['exec', 'db-0', '--', 'cat', '/data/starts'])).trim().split('\n');
    const [first] = await starts();
    const { uid } = (await hostClaim('data-db-0')).metadata;

    const pod = (await cluster.json(['get', 'pod', 'db-0'])).metadata.uid;
    await killSyncer(cluster);
    await cluster.kubectl(['delete', 'pod', 'db-0', '--wait=false']);
    await eventually(
      async () => {
        const { metadata, status } = await cluster.json(['get', 'pod', 'db-0']);
        return metadata.uid !== pod && status.containerStatuses?.[0].ready === true;
      },
      { what: 'the new pod to run', timeoutMs: 120_000 },
    );
    const after = await starts();
    expect(after).toHaveLength(2);
    expect(after[0]).toBe(first);
    expect((await hostClaim('data-db-0')).metadata.uid).toBe(uid);

    await cluster.kubectl(['delete', 'statefulset', 'db']);
    await eventually(() => isGone(cluster.host, ['pvc', `data-db-0-x-default-x-${NAME}`, '-n', cluster.namespace]), {
      what: 'the claim to go with its StatefulSet',
    });
  }, 400_000);

  test("a pod's own ephemeral volume comes and goes with it", async () => {
    const template = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Mi' } } } };
    await cluster.apply(
      pod(
        'scratch',
        {
          command: ['sh', '-c', 'echo here > /data/file && cat /data/file; sleep 3600'],
          volumeMounts: [{ name: 'room', mountPath: '/data' }],
        },
        { volumes: [{ name: 'room', ephemeral: { volumeClaimTemplate: template } }] },
      ),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/scratch', '--timeout=120s']);
    expect((await cluster.kubectl(['logs', 'scratch'])).trim()).toBe('here');
    expect((await hostClaim('scratch-room')).status.phase).toBe('Bound');
    await cluster.kubectl(['delete', 'pod', 'scratch', '--grace-period=1']);
    await eventually(() => isGone(cluster.host, ['pvc', `scratch-room-x-default-x-${NAME}`, '-n', cluster.namespace]), {
      what: 'the claim of the ephemeral volume to go',
    });
  }, 240_000);

  test('a claim takes no volume that is not the tenant’s, and does not grow when no class says that it may', async () => {
    await cluster.apply(claim('thief', { volumeName: 'of-somebody-else', storageClassName: '' }));
    await eventually(
      async () =>
        (await warnings(cluster, 'PersistentVolumeClaim', 'thief')).some((text) => text.includes('spec.volumeName')),
      { what: 'the refusal to be told' },
    );
    expect(await isGone(cluster.host, ['pvc', `thief-x-default-x-${NAME}`, '-n', cluster.namespace])).toBe(true);
    await cluster.kubectl(['delete', 'pvc', 'thief']);

    await cluster.apply(claim('fixed'), podWith('user', 'fixed', 'sleep 3600'));
    await cluster.kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/fixed', '--timeout=120s']);
    const patch = JSON.stringify({ spec: { resources: { requests: { storage: '16Mi' } } } });
    const refused = await cluster.tryKubectl(['patch', 'pvc', 'fixed', '-p', patch]);
    expect(refused.stderr).toContain('storageclass that provisions the pvc must support resize');
    await cluster.kubectl(['delete', 'pod/user', 'pvc/fixed', '--grace-period=1']);
  }, 240_000);
});

describe('volumes where the tenant’s own scheduler places pods', () => {
  const GROWING = `${NAME}-growing`;
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await createTestCluster(`${NAME}-own`, ['--set', 'nodes.mode=all', '--set', 'nodes.scheduling.by=own']);
    await cluster.host.apply({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: GROWING },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
    });
  }, 240_000);
  afterAll(async () => {
    await cluster?.host.tryKubectl(['delete', 'storageclass', GROWING]);
    await cluster?.[Symbol.asyncDispose]();
  }, 120_000);

  test('a claim waits for the node that its scheduler chooses, is bound there, and grows as its class says', async () => {
    await eventually(async () => (await cluster.json(['get', 'storageclass', GROWING])).allowVolumeExpansion === true, {
      what: 'the class of the host to be shown',
    });
    await cluster.apply(claim('own', { storageClassName: GROWING }));
    const hostClaim = () =>
      cluster.host.json(['get', 'pvc', `own-x-default-x-${cluster.name}`, '-n', cluster.namespace]);
    await eventually(async () => (await hostClaim()).status.phase === 'Pending', { what: 'the claim on the host' });
    await cluster.apply(podWith('own', 'own', 'echo here > /data/file; sleep 3600'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/own', '--timeout=120s']);

    const { nodeName } = (await cluster.json(['get', 'pod', 'own'])).spec;
    expect((await hostClaim()).metadata.annotations['volume.kubernetes.io/selected-node']).toBe(nodeName);
    const bound = await cluster.json(['get', 'pvc', 'own']);
    const volume = await cluster.json(['get', 'pv', bound.spec.volumeName]);
    expect(volume.spec.nodeAffinity).toBeDefined();
    expect(volume.spec).not.toHaveProperty('hostPath');
    expect((await cluster.kubectl(['exec', 'own', '--', 'cat', '/data/file'])).trim()).toBe('here');

    const patch = JSON.stringify({ spec: { resources: { requests: { storage: '16Mi' } } } });
    await cluster.kubectl(['patch', 'pvc', 'own', '-p', patch]);
    await eventually(async () => (await hostClaim()).spec.resources.requests.storage === '16Mi', {
      what: 'the new size to reach the host',
    });
    await cluster.kubectl(['delete', 'pod/own', 'pvc/own', '--grace-period=1']);
    await eventually(
      async () => (await cluster.tryKubectl(['get', 'pv', bound.spec.volumeName])).stderr.includes('NotFound'),
      { what: 'the volume to go', timeoutMs: 90_000 },
    );
  }, 300_000);
});
