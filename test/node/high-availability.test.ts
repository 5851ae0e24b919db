import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostHandle, kubectlDirectory } from '../../host';
import { createTestCluster, kubectlTarget, type TestCluster } from '../support/cluster';
import { output } from '../support/command';
import { eventually } from '../support/eventually';
import { deployment, namespace, pod, service } from '../support/manifests';
import { findPostgres, type Postgres, startPostgres } from '../support/postgres';
import { startProber } from '../support/prober';
import { sharedHost } from '../support/shared-host';

const NAME = 'ha';
const NAMESPACE = `vcluster-${NAME}`;
const DATABASE = 'team_ha';
const REPLICAS = 3;

/** How long a cluster may be without a leading syncer after the leader's pod was told to go, in milliseconds. */
const TAKEOVER_MS = 20_000;

describe('three pods on PostgreSQL', () => {
  let host: HostHandle;
  let postgres: Postgres | undefined;
  let cluster: TestCluster | undefined;
  let folder = '';

  /** The test's cluster. Without PostgreSQL there is none, and nothing can be shown. */
  const it = (what: string, look: (cluster: TestCluster) => Promise<void>, timeoutMs = 120_000): void =>
    test(what, async () => (cluster === undefined ? undefined : look(cluster)), timeoutMs);

  beforeAll(async () => {
    const programs = await findPostgres();
    if (programs === undefined) {
      console.warn('SKIPPED: this machine has no PostgreSQL (Debian: apt-get install postgresql)');
      return;
    }
    host = await sharedHost();
    postgres = await startPostgres(host, programs);
    const onHost = kubectlTarget(host.kubeconfig);
    await onHost.apply(namespace(NAMESPACE), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'ha-db', namespace: NAMESPACE },
      stringData: { endpoint: postgres.url(DATABASE) },
    });
    folder = await mkdtemp(join(tmpdir(), 'sublet-ha-'));
    const file = join(folder, 'ha.yaml');
    const store = { kind: 'postgres', connection: { secretName: 'ha-db' } };
    await writeFile(file, JSON.stringify({ name: NAME, store, controlPlane: { replicas: REPLICAS } }));
    cluster = await createTestCluster(NAME, ['-f', file]);
    await cluster.apply(deployment('web', { replicas: 2 }), service('web'));
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=90s']);
  }, 240_000);

  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
    if (host !== undefined)
      await kubectlTarget(host.kubeconfig).kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  }, 120_000);

  it('all serve the same objects, from the database', async (cluster) => {
    const pods = await controlPlane(cluster);
    expect(pods.map(({ ready }) => ready)).toEqual([true, true, true]);
    for (const { ip } of pods) {
      const names = await ask(host, cluster, ip, ['get', 'deployments', '-o', 'name']);
      expect(names.trim()).toBe('deployment.apps/web');
    }
    expect(
      await postgres?.query(
        DATABASE,
        "select count(*) > 0 from kine where name like '/registry/deployments/default/web'",
      ),
    ).toEqual(['t']);
  });

  it('all reach the pods of the tenant, whichever syncer leads', async (cluster) => {
    await cluster.apply(pod('speaker', { command: ['sh', '-c', 'echo "heard by all"; sleep 3600'] }));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/speaker', '--timeout=60s']);
    for (const { ip } of await controlPlane(cluster)) {
      expect((await ask(host, cluster, ip, ['logs', 'speaker'])).trim()).toBe('heard by all');
      expect((await ask(host, cluster, ip, ['exec', 'speaker', '--', 'echo', 'done'])).trim()).toBe('done');
    }
  });

  it('are what the Service kubernetes leads to inside', async (cluster) => {
    const expected = (await controlPlane(cluster)).map(({ ip }) => ip).sort();
    await eventually(
      async () => {
        const { endpoints } = await cluster.json(['get', 'endpointslice', 'kubernetes']);
        const found = endpoints.flatMap(({ addresses }: { addresses: string[] }) => addresses).sort();
        return JSON.stringify(found) === JSON.stringify(expected);
      },
      { what: `the endpoints ${expected.join(', ')}` },
    );
  });

  it('lose the leading one without an API call that fails, and without harm to the tenant', async (cluster) => {
    const before = await starts(cluster);
    const leader = await leaderOf(cluster);
    const { clusterIP } = (await cluster.host.json(['get', 'service', NAME, '-n', NAMESPACE])).spec;
    const prober = startProber(host, `https://${clusterIP}/readyz`);
    const began = performance.now();
    await cluster.host.kubectl(['delete', 'pod', leader, '-n', NAMESPACE, '--wait=false']);

    const successor = await eventually(
      async () => {
        const holder = await leaderOf(cluster);
        return holder !== '' && holder !== leader && holder;
      },
      { what: 'another syncer to lead', timeoutMs: TAKEOVER_MS },
    );
    const takeover = Math.round(performance.now() - began);
    await cluster.apply(deployment('afterwards'));
    await cluster.kubectl(['rollout', 'status', 'deployment/afterwards', '--timeout=60s']);
    const works = Math.round(performance.now() - began);
    await eventually(
      async () => {
        const pods = await controlPlane(cluster);
        return pods.length === REPLICAS && pods.every(({ ready }) => ready);
      },
      { what: 'the third pod to come back', timeoutMs: 90_000 },
    );
    const whole = Math.round(performance.now() - began);

    const { answered, failed } = await prober.stop();
    console.info(
      `${successor} leads after ${takeover} ms, a new workload runs after ${works} ms, all pods are back after ${whole} ms; ${answered} requests answered`,
    );
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    expect(await starts(cluster)).toEqual(expect.objectContaining(before));
  });

  it('become fewer without a restart of those that stay', async (cluster) => {
    const [first] = await controlPlane(cluster);
    await cluster.host.kubectl(['scale', 'statefulset', NAME, '-n', NAMESPACE, '--replicas=1']);
    await eventually(async () => (await controlPlane(cluster)).length === 1, {
      what: 'two pods to go',
      timeoutMs: 60_000,
    });
    expect(await controlPlane(cluster)).toEqual([first]);
    await eventually(async () => (await leaderOf(cluster)) === `${NAME}-0`, { what: 'the last pod to lead' });
    await cluster.apply(deployment('alone'));
    await cluster.kubectl(['rollout', 'status', 'deployment/alone', '--timeout=60s']);
  });
});

interface ControlPlanePod {
  readonly name: string;
  readonly ip: string;
  readonly ready: boolean;
  readonly uid: string;
  readonly restarts: number;
}

interface ListedPod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly podIP: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses: readonly {
      readonly restartCount: number;
      readonly state: { readonly running?: object };
    }[];
  };
}

async function controlPlane(cluster: TestCluster): Promise<readonly ControlPlanePod[]> {
  const { items } = await cluster.host.json(['get', 'pods', '-n', NAMESPACE, '-l', `app=vcluster,release=${NAME}`]);
  return items.map(({ metadata, status }: ListedPod) => ({
    name: metadata.name,
    ip: status.podIP,
    ready: status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    uid: metadata.uid,
    restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
  }));
}

/** The pod whose syncer leads. */
async function leaderOf(cluster: TestCluster): Promise<string> {
  const lease = await cluster.host.json(['get', 'lease', `vcluster-${NAME}-controller`, '-n', NAMESPACE]);
  return lease.spec.holderIdentity ?? '';
}

/** When the containers of the tenant's pods started, on the host: one that was restarted or replaced differs. */
async function starts(cluster: TestCluster): Promise<{ readonly [uid: string]: unknown }> {
  const { items } = await cluster.host.json([
    'get',
    'pods',
    '-n',
    NAMESPACE,
    '-l',
    `vcluster.loft.sh/managed-by=${NAME}`,
  ]);
  return Object.fromEntries(
    items.map(({ metadata, status }: ListedPod) => [
      metadata.uid,
      status.containerStatuses.map(({ state }) => state.running),
    ]),
  );
}

/** Runs kubectl against the API server of one pod, from the host's network. */
function ask(host: HostHandle, cluster: TestCluster, ip: string, args: readonly string[]): Promise<string> {
  const kubectl = [
    join(kubectlDirectory(), 'kubectl'),
    `--kubeconfig=${cluster.kubeconfig}`,
    `--server=https://${ip}:8443`,
  ];
  return output('nsenter', [`--net=/run/netns/${host.networkNamespace}`, ...kubectl, ...args]);
}
