import { setTimeout as sleep } from 'node:timers/promises';
import { hostName } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import type { BenchCluster, BenchHost } from './cluster';
import { allSeen, deletePods, type PodOptions, unschedulablePod, watchPods } from './pods';
import type { Figure } from './report';
import { median, quantile } from './statistics';

const PODS_A_SECOND = 10;
const NAMESPACE = 'default';

/**
 * How long a pod takes from the return of its creation in the virtual cluster until a watch on the host shows its copy,
 * at ten new pods a second.
 */
export async function measureLatency(
  host: BenchHost,
  cluster: BenchCluster,
  count: number,
  options: PodOptions,
): Promise<readonly Figure[]> {
  const watch = await watchPods(host.client, cluster.namespace);
  try {
    const returned = await createSteadily(cluster, count, options);
    await allSeen(watch, [...returned.keys()], 30_000);
    return figuresOf(
      [...returned].map(([name, at]) => (watch.seen.get(name) ?? Number.NaN) - at),
      options,
    );
  } finally {
    await watch.stop();
    await deletePods(cluster.client, NAMESPACE);
  }
}

/** @returns name on the host → `performance.now()` when the creation's call came back */
async function createSteadily(
  { name: cluster, client }: BenchCluster,
  count: number,
  options: PodOptions,
): Promise<ReadonlyMap<string, number>> {
  const returned = new Map<string, number>();
  const begin = performance.now();
  const creations: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `latency-${options.token ? 'token' : 'plain'}-${index}`;
    creations.push(
      client.create(RESOURCES.pods, NAMESPACE, unschedulablePod(name, NAMESPACE, options)).then(() => {
        returned.set(hostName(name, NAMESPACE, cluster), performance.now());
      }),
    );
    // Against the clock, or each late timer would slow the pace down.
    await sleep(Math.max(0, begin + ((index + 1) * 1000) / PODS_A_SECOND - performance.now()));
  }
  await Promise.all(creations);
  return returned;
}

function figuresOf(delays: readonly number[], { token }: PodOptions): readonly Figure[] {
  const kind = token ? 'with token' : 'without token';
  const id = token ? 'latency/token' : 'latency/plain';
  return [
    {
      id: `${id}/median`,
      what: `create to host object, ${kind}, median`,
      value: median(delays),
      unit: 'ms',
      target: { below: 30 },
      detail: `${delays.length} pods, ${PODS_A_SECOND} a second; p90 ${quantile(delays, 0.9).toFixed(0)} ms`,
    },
    { id: `${id}/p99`, what: `create to host object, ${kind}, p99`, value: quantile(delays, 0.99), unit: 'ms' },
  ];
}
