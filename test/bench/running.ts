import { hostName } from '../../lib/contract';
import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import type { Pod } from '../../syncer/pods/types';
import { eventually } from '../support/eventually';
import { webPod } from '../support/manifests';
import type { BenchCluster, BenchHost } from './cluster';
import { DIRECT_NAMESPACE, deletePods, ensureDirectNamespace, podsLeft } from './pods';
import type { Figure } from './report';
import { median, quantile } from './statistics';
import { type OpenWatch, openWatch } from './watch';

const VIRTUAL_NAMESPACE = 'default';

/** What one pod took, in milliseconds. */
interface Taken {
  /** From the creation's return until a watch showed it running, straight on the host. */
  readonly straight: number;
  /** The same in the virtual cluster, on a watch there. */
  readonly through: number;
  /** From the host's watch showing it running until the virtual cluster's did. */
  readonly back: number;
}

/**
 * Starts pods with a real container, one after the other, in turns straight on the host and in the virtual cluster, and
 * measures when watches show them running.
 */
export async function measureRunning(
  host: BenchHost,
  cluster: BenchCluster,
  count: number,
): Promise<readonly Figure[]> {
  await ensureDirectNamespace(host.client);
  const direct = await watchRunning(host.client, DIRECT_NAMESPACE);
  const copies = await watchRunning(host.client, cluster.namespace);
  const virtual = await watchRunning(cluster.client, VIRTUAL_NAMESPACE);
  try {
    const taken: Taken[] = [];
    // The first of each is for warming up: it counts for nothing.
    for (let index = 0; index <= count; index += 1) {
      const name = `running-${index}`;
      const straight = await startPod(host.client, DIRECT_NAMESPACE, name, direct);
      const through = await startPod(cluster.client, VIRTUAL_NAMESPACE, name, virtual);
      const onHost = await shown(copies, hostName(name, VIRTUAL_NAMESPACE, cluster.name));
      const one = { straight: straight.took, through: through.took, back: through.at - onHost };
      if (index > 0) taken.push(one);
    }
    return figuresOf(taken);
  } finally {
    for (const watch of [direct, copies, virtual]) await watch.stop();
    await deletePods(host.client, DIRECT_NAMESPACE);
    await deletePods(cluster.client, VIRTUAL_NAMESPACE);
    await podsLeft(host.client, cluster.namespace, 'running-');
  }
}

interface RunningWatch extends OpenWatch {
  /** Name → `performance.now()` when an event first showed the pod running. */
  readonly seen: ReadonlyMap<string, number>;
}

async function watchRunning(client: StreamingKubeClient, namespace: string): Promise<RunningWatch> {
  const seen = new Map<string, number>();
  const watch = await openWatch<Pod>(client, RESOURCES.pods, namespace, ({ object }) => {
    const { name = '' } = object.metadata;
    if (object.status?.phase === 'Running' && !seen.has(name)) seen.set(name, performance.now());
  });
  return { seen, ...watch };
}

async function startPod(
  client: StreamingKubeClient,
  namespace: string,
  name: string,
  watch: RunningWatch,
): Promise<{ readonly took: number; readonly at: number }> {
  await client.create(RESOURCES.pods, namespace, benchPod(name, namespace));
  const returned = performance.now();
  const at = await shown(watch, name);
  // Gone before the next begins, so that its end takes no time from that.
  await client.delete(RESOURCES.pods, namespace, name, { gracePeriodSeconds: 1 });
  await eventually(async () => (await client.get(RESOURCES.pods, namespace, name)) === undefined, {
    what: `pod ${name} to go`,
  });
  return { took: at - returned, at };
}

function benchPod(name: string, namespace: string): KubeObject {
  const pod = webPod(name, {}, namespace);
  return Object.assign({ apiVersion: 'v1', kind: 'Pod' }, pod, {
    metadata: { name, namespace, labels: { app: 'bench' } },
  });
}

function shown({ seen }: RunningWatch, name: string): Promise<number> {
  return eventually(() => seen.get(name), { what: `pod ${name} to run`, everyMs: 20 });
}

function figuresOf(taken: readonly Taken[]): readonly Figure[] {
  const figure = (id: keyof Taken, what: string): Figure => {
    const values = taken.map((one) => one[id]);
    const detail = `median of ${values.length} pods, one after the other; p90 ${quantile(values, 0.9).toFixed(0)} ms`;
    return { id: `running/${id}`, what, value: median(values), unit: 'ms', detail };
  };
  return [
    figure('straight', 'create to Running, straight on the host'),
    figure('through', 'create to Running, in the virtual cluster'),
    figure('back', 'Running on the host to Running in the virtual cluster'),
  ];
}
