import { setTimeout as delay } from 'node:timers/promises';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, service, webPod } from '../support/manifests';
import { podProcesses } from '../support/pod-processes';

const NAME = 'faults';
const POD = `${NAME}-0`;
const UID = 'vcluster.loft.sh/object-uid';
const TEMPLATE = 'pod-template-hash';
/** When the blows fall. Set `SUBLET_SEED` to try other moments. */
const SEED = Number(process.env.SUBLET_SEED ?? 20_261_124);
/** How often a victim is killed during one rollout. */
const BLOWS = 2;

/** What is killed, and how its processes are told from the others of the control-plane pod. */
const VICTIMS = [
  ['the syncer', /syncer\.cjs run/],
  ['the virtual API server', /^kube-apiserver /],
  ['the store', /kine /],
  ['the whole pod', /./],
] as const;

describe('kill -9 loses nothing and duplicates nothing', () => {
  let cluster: TestCluster;
  const random = mulberry32(SEED);

  beforeAll(async () => {
    cluster = await createTestCluster(NAME, ['--store', 'pvc']);
    await cluster.apply(
      deployment('steady', { replicas: 2, podSpec: podUsing('steady') }),
      ...config('steady'),
      service('steady'),
    );
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=90s']);
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  test.each(VICTIMS)(
    '%s, again and again in the middle of a rollout',
    async (_, pattern) => {
      const steady = await starts(cluster, 'app=steady');
      await cluster.apply(
        deployment('rolled', { replicas: 10, podSpec: podUsing('rolled') }),
        ...config('rolled'),
        service('rolled'),
      );
      await cluster.tryKubectl(['rollout', 'restart', 'deployment/rolled']);
      const seen = new Map<string, string>();
      for (let blow = 0; blow < BLOWS; blow += 1) {
        // When a blow falls is random, but the same in each run.
        await delay(random() * 1_500);
        for (const [uid, template] of await templates(cluster)) seen.set(uid, template);
        await kill(cluster, pattern);
      }

      await eventually(
        async () =>
          (await cluster.tryKubectl(['rollout', 'status', 'deployment/rolled', '--timeout=20s'])).stdout.includes(
            'successfully rolled out',
          ),
        { what: 'the rollout to end', timeoutMs: 150_000 },
      );
      await eventually(async () => (await differences(cluster)).length === 0, {
        what: 'both sides to be alike',
        timeoutMs: 90_000,
      }).catch(async (error: Error) => {
        throw new Error(`${error.message}: ${(await differences(cluster)).join('; ')}`);
      });
      expect(await starts(cluster, 'app=steady')).toEqual(steady);
      const rolled = await pods(cluster, 'app=rolled');
      expect(rolled).toHaveLength(10);
      expect(rolled.flatMap(({ status }) => status.containerStatuses.map(({ restartCount }) => restartCount))).toEqual(
        Array(10).fill(0),
      );
      // A rollout ends pods of earlier templates only: one of the last that was there once is there still.
      const uids = new Set(rolled.map(({ metadata }) => metadata.uid));
      const last = rolled[0]?.metadata.labels[TEMPLATE];
      expect([...seen].filter(([uid, template]) => template === last && !uids.has(uid))).toEqual([]);
      await cluster.kubectl(['delete', 'deployment/rolled', 'service/rolled', 'configmap/rolled', 'secret/rolled']);
      await cluster.kubectl(['wait', '--for=delete', 'pod', '-l', 'app=rolled', '--timeout=60s']);
    },
    300_000,
  );

  test('what is made and deleted while the syncer stands still is made up for afterwards', async () => {
    await cluster.apply(deployment('doomed'), service('doomed'), webPod('forced'));
    await cluster.kubectl(['rollout', 'status', 'deployment/doomed', '--timeout=60s']);
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/forced', '--timeout=60s']);
    const { uid } = (await cluster.host.json(['get', 'pod', POD, '-n', cluster.namespace])).metadata;
    const [syncer] = (await podProcesses(uid)).filter(({ command }) => /syncer\.cjs run/.test(command));
    if (syncer === undefined) throw new Error('the syncer does not run');
    process.kill(syncer.pid, 'SIGSTOP');
    try {
      await cluster.kubectl(['delete', 'deployment/doomed', 'service/doomed', '--wait=false']);
      await cluster.kubectl(['delete', 'pod/forced', '--force', '--grace-period=0']);
      await cluster.apply(deployment('born', { podSpec: podUsing('born') }), ...config('born'));
      expect((await cluster.tryKubectl(['get', 'deployment', 'born'])).code).toBe(0);
    } finally {
      process.kill(syncer.pid, 'SIGCONT');
    }
    await eventually(async () => (await cluster.json(['get', 'deployment', 'born'])).status.readyReplicas === 1, {
      what: 'what was made meanwhile to run',
      timeoutMs: 150_000,
    });
    await eventually(async () => (await differences(cluster)).length === 0, {
      what: 'what was deleted meanwhile to go from the host',
      timeoutMs: 90_000,
    });
  }, 300_000);
});

function podUsing(name: string): object {
  return {
    volumes: [
      { name: 'c', configMap: { name } },
      { name: 's', secret: { secretName: name } },
    ],
  };
}

function config(name: string): object[] {
  const metadata = { name, namespace: 'default' };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'value' } },
    { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { key: 'value' } },
  ];
}

/** Kills what matches as soon as it runs: after an earlier blow it may take a while to come back. */
async function kill(cluster: TestCluster, pattern: RegExp): Promise<void> {
  const { uid } = (await cluster.host.json(['get', 'pod', POD, '-n', cluster.namespace])).metadata;
  const victims = await eventually(
    async () => {
      const found = (await podProcesses(uid)).filter(({ command }) => pattern.test(command));
      return found.length > 0 && found;
    },
    { what: 'a process to kill', everyMs: 50 },
  );
  for (const { pid } of victims) process.kill(pid, 'SIGKILL');
}

/** When the containers of pods started: a container that was restarted, or a pod that was replaced, differs. */
async function starts(cluster: TestCluster, selector: string): Promise<unknown> {
  return (await pods(cluster, selector)).map(({ metadata, status }) => [
    metadata.uid,
    status.containerStatuses.map(({ state }) => state.running),
  ]);
}

/** UIDs of the pods that are rolled out, with the template that each was made from; none while the API is down. */
async function templates(cluster: TestCluster): Promise<readonly (readonly [string, string])[]> {
  const { code, stdout } = await cluster.tryKubectl(['get', 'pods', '-l', 'app=rolled', '-o', 'json']);
  const items: readonly KubePod[] = code === 0 ? JSON.parse(stdout).items : [];
  return items.map(({ metadata }) => [metadata.uid, metadata.labels[TEMPLATE] ?? '']);
}

/** The pods that a selector matches, without those that are ending. */
async function pods(cluster: TestCluster, selector: string): Promise<readonly KubePod[]> {
  const { items } = await cluster.json(['get', 'pods', '-l', selector]);
  return items.filter(({ metadata }: KubePod) => metadata.deletionTimestamp === undefined);
}

/** In what the two sides differ: each object must have exactly one counterpart, made from it and from no other. */
async function differences(cluster: TestCluster): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ['pods', 'services', 'configmaps', 'secrets']) {
    const virtual = (await cluster.json(['get', kind, '-A'])).items.filter((object: KubeObject) => !isLocal(object));
    const label = `vcluster.loft.sh/managed-by=${NAME}`;
    const host = (await cluster.host.json(['get', kind, '-n', cluster.namespace, '-l', label])).items;
    const copies = host.filter((object: KubeObject) => object.metadata.annotations?.[UID] && !isTokens(object));
    const uids = new Map<string, number>();
    for (const copy of copies) {
      const uid = copy.metadata.annotations[UID];
      uids.set(uid, (uids.get(uid) ?? 0) + 1);
    }
    for (const { metadata } of virtual) {
      const count = uids.get(metadata.uid) ?? 0;
      const used = kind === 'pods' || kind === 'services' || USED.has(metadata.name);
      if (used && count !== 1) found.push(`${kind} ${metadata.name} has ${count} copies`);
      uids.delete(metadata.uid);
    }
    for (const uid of uids.keys()) found.push(`a host object in ${kind} was made from ${uid}, which does not exist`);
  }
  return found;
}

interface KubePod {
  readonly metadata: {
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly containerStatuses: readonly { readonly restartCount: number; readonly state: { running?: object } }[];
  };
}

interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** ConfigMaps and Secrets that pods of this test use: others stay in the virtual cluster. */
const USED = new Set(['steady', 'rolled', 'born']);

function isLocal({ metadata }: KubeObject): boolean {
  return metadata.name === 'kubernetes' && metadata.namespace === 'default';
}

function isTokens({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['sublet.dev/token-of'] !== undefined;
}

/** A small seeded generator: numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
