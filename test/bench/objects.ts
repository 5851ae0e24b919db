import { setTimeout as sleep } from 'node:timers/promises';
import { hostName } from '../../lib/contract';
import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { eventually } from '../support/eventually';
import type { BenchCluster, BenchHost } from './cluster';
import { DIRECT_NAMESPACE, deletePods, ensureDirectNamespace, podsLeft, unschedulablePod } from './pods';
import type { Figure } from './report';
import { median, quantile } from './statistics';
import { openWatch } from './watch';

const NAMESPACE = 'default';
const CONFIG = 'bench-config';
const EVERY_MS = 100;

interface ConfigMap extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/**
 * How long a change of a ConfigMap that a pod uses takes from the return of its update in the virtual cluster until a
 * watch on the host shows it, at ten updates a second.
 */
export async function measureConfigMaps(
  host: BenchHost,
  cluster: BenchCluster,
  count: number,
): Promise<readonly Figure[]> {
  const seen: number[] = [];
  const copy = hostName(CONFIG, NAMESPACE, cluster.name);
  const watch = await openWatch<ConfigMap>(host.client, RESOURCES.configMaps, cluster.namespace, ({ object }) => {
    const turn = Number(object.data?.turn);
    if (object.metadata.name !== copy || Number.isNaN(turn)) return;
    // A version that was overtaken by the next has arrived with that.
    for (let index = seen.length; index <= turn; index += 1) seen.push(performance.now());
  });
  try {
    await cluster.client.create(RESOURCES.configMaps, NAMESPACE, configMap(0));
    await cluster.client.create(RESOURCES.pods, NAMESPACE, podWithConfig());
    await eventually(() => seen.length > 0, { what: `ConfigMap ${copy} on the host` });
    const returned = await updateSteadily(cluster.client, count);
    await eventually(() => seen.length > count, { what: `the last change of ${copy} on the host` });
    const delays = returned.map((at, index) => (seen[index + 1] ?? Number.NaN) - at);
    return [medianOf('latency/config-map', 'update of a ConfigMap to host object, median', delays, 'updates')];
  } finally {
    await watch.stop();
    await deletePods(cluster.client, NAMESPACE);
    await cluster.client.delete(RESOURCES.configMaps, NAMESPACE, CONFIG);
    await podsLeft(host.client, cluster.namespace, 'config-');
  }
}

/**
 * How long the creation of a Service takes. A webhook makes the host's Service within that call, so there is nothing to
 * wait for afterwards, and the call is compared with the same straight on the host.
 */
export async function measureServices(
  host: BenchHost,
  cluster: BenchCluster,
  count: number,
): Promise<readonly Figure[]> {
  await ensureDirectNamespace(host.client);
  const straight: number[] = [];
  const through: number[] = [];
  let missing = 0;
  for (let index = 0; index < count; index += 1) {
    const name = `bench-${index}`;
    straight.push(await timed(() => host.client.create(RESOURCES.services, DIRECT_NAMESPACE, service(name))));
    through.push(await timed(() => cluster.client.create(RESOURCES.services, NAMESPACE, service(name))));
    const copy = hostName(name, NAMESPACE, cluster.name);
    if ((await host.client.get(RESOURCES.services, cluster.namespace, copy)) === undefined) missing += 1;
    await host.client.delete(RESOURCES.services, DIRECT_NAMESPACE, name);
    await cluster.client.delete(RESOURCES.services, NAMESPACE, name);
  }
  return [
    medianOf('service/straight', 'create call of a Service, straight on the host, median', straight, 'Services'),
    medianOf('service/through', 'create call of a Service, in the virtual cluster, median', through, 'Services'),
    {
      id: 'service/late',
      what: 'Services not on the host when their create call returned',
      value: missing,
      unit: '',
      target: { atMost: 0 },
    },
  ];
}

async function updateSteadily(client: StreamingKubeClient, count: number): Promise<readonly number[]> {
  const returned: number[] = [];
  for (let turn = 1; turn <= count; turn += 1) {
    const began = performance.now();
    await client.patch(RESOURCES.configMaps, NAMESPACE, CONFIG, { data: { turn: String(turn) } });
    returned.push(performance.now());
    await sleep(Math.max(0, began + EVERY_MS - performance.now()));
  }
  return returned;
}

function configMap(turn: number): KubeObject {
  const metadata = { name: CONFIG, namespace: NAMESPACE };
  return Object.assign({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { data: { turn: String(turn) } });
}

function podWithConfig(): KubeObject {
  const volumes = [{ name: 'config', configMap: { name: CONFIG } }];
  return unschedulablePod('config-user', NAMESPACE, { token: false }, { volumes });
}

function service(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
  return Object.assign({ apiVersion: 'v1', kind: 'Service', metadata: { name } }, { spec });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function medianOf(id: string, what: string, values: readonly number[], things: string): Figure {
  const detail = `${values.length} ${things}; p90 ${quantile(values, 0.9).toFixed(0)} ms`;
  return { id, what, value: median(values), unit: 'ms', detail };
}
