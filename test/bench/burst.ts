import { hostName } from '../../lib/contract';
import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import type { BenchCluster, BenchHost } from './cluster';
import { allSeen, deletePods, type PodWatch, podsLeft, unschedulablePod, watchPods } from './pods';
import type { Figure } from './report';
import { cpuTime, untilQuiet } from './syncer-process';

/** Host namespace for the pods that go straight to the host. */
const DIRECT_NAMESPACE = 'bench-direct';
const VIRTUAL_NAMESPACE = 'default';

/** Most pods have one: it is the default. */
const WITH_TOKEN = { token: true } as const;

/** Pods a second: until the API had accepted the last, and until the host's watch had shown the last. */
interface Rates {
  readonly accepted: number;
  readonly onHost: number;
}

/** What a burst through the syncer is made of. */
export interface BurstOptions {
  /** Pid of the syncer. */
  readonly syncer: number;
  readonly pods: number;
  /** Further figures, measured while all pods are there and the syncer has come to rest. */
  readonly atRest: () => Promise<readonly Figure[]>;
}

/**
 * Creates many pods at once, first straight on the host, then in the virtual cluster, and counts pods a second on the
 * host's watch. No node takes them, so the copying of objects is what is measured. They are deleted afterwards.
 */
export async function measureBurst(
  host: BenchHost,
  cluster: BenchCluster,
  { syncer, pods, atRest }: BurstOptions,
): Promise<readonly Figure[]> {
  const straight = await burstOnHost(host, pods);
  const watch = await watchPods(host.client, cluster.namespace);
  try {
    await untilQuiet(syncer);
    const before = await cpuTime(syncer);
    const onHost = (name: string): string => hostName(name, VIRTUAL_NAMESPACE, cluster.name);
    const rates = await burst(cluster.client, VIRTUAL_NAMESPACE, pods, { watch, onHost });
    await untilQuiet(syncer);
    const cpu = ((await cpuTime(syncer)) - before) / pods;
    return [...figuresOf(pods, straight, rates, cpu), ...(await atRest())];
  } finally {
    await watch.stop();
    await deletePods(cluster.client, VIRTUAL_NAMESPACE);
    await podsLeft(host.client, cluster.namespace, 'burst-');
  }
}

async function burstOnHost({ client }: BenchHost, count: number): Promise<Rates> {
  await ensureNamespace(client);
  const watch = await watchPods(client, DIRECT_NAMESPACE);
  try {
    return await burst(client, DIRECT_NAMESPACE, count, { watch, onHost: (name) => name });
  } finally {
    await watch.stop();
    await deletePods(client, DIRECT_NAMESPACE);
  }
}

/** Where a burst is looked for. */
interface Arrival {
  readonly watch: PodWatch;
  /** The name on the host of a pod that is created under this one. */
  readonly onHost: (name: string) => string;
}

/** The client lets as many creations go at once as the server takes, up to 32. */
async function burst(
  client: StreamingKubeClient,
  namespace: string,
  count: number,
  { watch, onHost }: Arrival,
): Promise<Rates> {
  const names = Array.from({ length: count }, (_, index) => `burst-${index}`);
  const from = performance.now();
  const rate = (): number => (count * 1000) / (performance.now() - from);
  await Promise.all(
    names.map((name) =>
      // All are asked for at once, so that the last waits for all others.
      client.create(RESOURCES.pods, namespace, unschedulablePod(name, namespace, WITH_TOKEN), { timeoutMs: 300_000 }),
    ),
  );
  const accepted = rate();
  await allSeen(watch, names.map(onHost));
  return { accepted, onHost: rate() };
}

/** Pods are refused until a controller has made the namespace's ServiceAccount. */
async function ensureNamespace(client: StreamingKubeClient): Promise<void> {
  const metadata = { name: DIRECT_NAMESPACE };
  if ((await client.get(RESOURCES.namespaces, undefined, DIRECT_NAMESPACE)) === undefined) {
    await client.create(RESOURCES.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  await eventually(() => client.get(RESOURCES.serviceAccounts, DIRECT_NAMESPACE, 'default'), {
    what: `the ServiceAccount of ${DIRECT_NAMESPACE}`,
  });
}

function figuresOf(pods: number, straight: Rates, through: Rates, cpu: number): readonly Figure[] {
  const id = `burst-${pods}`;
  const what = `burst of ${pods} pods`;
  return [
    { id: `${id}/host`, what: `${what}, straight on the host`, value: straight.onHost, unit: 'pods/s' },
    {
      id: `${id}/syncer`,
      what: `${what}, through the syncer`,
      value: through.onHost,
      unit: 'pods/s',
      detail: `the virtual API alone accepted ${through.accepted.toFixed(0)} pods/s`,
    },
    {
      id: `${id}/share`,
      what: `${what}, through the syncer / straight`,
      value: through.onHost / straight.onHost,
      unit: '',
    },
    { id: `${id}/cpu`, what: `${what}, CPU of the syncer`, value: cpu, unit: 'ms/pod' },
  ];
}
