import { hostName } from '../../lib/contract';
import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { BenchCluster, BenchHost } from './cluster';
import {
  allSeen,
  createPods,
  DIRECT_NAMESPACE,
  deletePods,
  ensureDirectNamespace,
  type PodWatch,
  podsLeft,
  watchPods,
} from './pods';
import { cpuTimes, spentOnEach } from './programs';
import type { Figure } from './report';
import { cpuTime, memoryOf, untilQuiet } from './syncer-process';

const VIRTUAL_NAMESPACE = 'default';

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
  const store = await burstOfConfigMaps(cluster.client, pods);
  const watch = await watchPods(host.client, cluster.namespace);
  try {
    await untilQuiet(syncer);
    const before = {
      own: await cpuTime(syncer),
      cpu: await cpuTimes(host, syncer),
      memory: (await memoryOf(syncer)).anonymous,
    };
    const onHost = (name: string): string => hostName(name, VIRTUAL_NAMESPACE, cluster.name);
    const rates = await burst(cluster.client, VIRTUAL_NAMESPACE, pods, { watch, onHost });
    await untilQuiet(syncer);
    const cost = {
      cpu: ((await cpuTime(syncer)) - before.own) / pods,
      all: spentOnEach(before.cpu, await cpuTimes(host, syncer), pods),
      memory: ((await memoryOf(syncer)).anonymous - before.memory) / pods,
    };
    return [...figuresOf(pods, { straight, store, through: rates }, cost), ...(await atRest())];
  } finally {
    await watch.stop();
    await deletePods(cluster.client, VIRTUAL_NAMESPACE);
    await podsLeft(host.client, cluster.namespace, 'burst-');
  }
}

async function burstOnHost({ client }: BenchHost, count: number): Promise<Rates> {
  await ensureDirectNamespace(client);
  const watch = await watchPods(client, DIRECT_NAMESPACE);
  try {
    return await burst(client, DIRECT_NAMESPACE, count, { watch, onHost: (name) => name });
  } finally {
    await watch.stop();
    await deletePods(client, DIRECT_NAMESPACE);
  }
}

/**
 * Creates objects in the virtual cluster that the syncer leaves alone, since no pod uses them: what its API server and
 * store take by themselves bounds what can come through. @returns objects a second
 */
async function burstOfConfigMaps(client: StreamingKubeClient, count: number): Promise<number> {
  const names = Array.from({ length: count }, (_, index) => `burst-${index}`);
  const each = (work: (name: string) => Promise<unknown>): Promise<unknown> => Promise.all(names.map(work));
  const patient = { timeoutMs: 300_000 };
  const from = performance.now();
  await each((name) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
    return client.create(RESOURCES.configMaps, VIRTUAL_NAMESPACE, object, patient);
  });
  const rate = (count * 1000) / (performance.now() - from);
  await each((name) => client.delete(RESOURCES.configMaps, VIRTUAL_NAMESPACE, name, patient));
  return rate;
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
  const from = performance.now();
  const rate = (): number => (count * 1000) / (performance.now() - from);
  const names = await createPods(client, namespace, 'burst', count);
  const accepted = rate();
  await allSeen(watch, names.map(onHost));
  return { accepted, onHost: rate() };
}

/** What one pod costs the syncer: milliseconds of CPU time, and bytes of memory that it did not have before. */
interface Cost {
  readonly cpu: number;
  /** CPU time of all programs of both clusters. */
  readonly all: string;
  readonly memory: number;
}

function figuresOf(
  pods: number,
  { straight, store, through }: { readonly straight: Rates; readonly store: number; readonly through: Rates },
  { cpu, all, memory }: Cost,
): readonly Figure[] {
  const id = `burst-${pods}`;
  const what = `burst of ${pods} pods`;
  return [
    { id: `${id}/host`, what: `${what}, straight on the host`, value: straight.onHost, unit: 'pods/s' },
    {
      id: `${id}/syncer`,
      what: `${what}, through the syncer`,
      value: through.onHost,
      unit: 'pods/s',
      detail: `the virtual API accepted ${through.accepted.toFixed(0)} pods/s`,
    },
    {
      id: `${id}/store`,
      what: `${pods} ConfigMaps that are not synced, into the virtual API`,
      value: store,
      unit: 'objects/s',
    },
    {
      id: `${id}/share`,
      what: `${what}, through the syncer / straight`,
      value: through.onHost / straight.onHost,
      unit: '',
    },
    { id: `${id}/cpu`, what: `${what}, CPU of the syncer`, value: cpu, unit: 'ms/pod', detail: `of ${all}` },
    {
      id: `${id}/memory`,
      what: `${what}, growth of the syncer`,
      value: memory / 1000,
      unit: 'KB/pod',
      detail: 'anonymous memory, with what the collector has not given back',
    },
  ];
}
