import { get } from 'node:http';
import { clusterNames, hostName, PORTS } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import type { Pod } from '../../syncer/pods/types';
import { eventually } from '../support/eventually';
import { auditedRequests, grouped } from './audit';
import type { BenchCluster, BenchHost } from './cluster';
import { allSeen, createPods, deletePods, podsLeft, watchPods } from './pods';
import type { Figure } from './report';
import { findSyncer, untilQuiet } from './syncer-process';

const NAMESPACE = 'default';

/**
 * Kills the syncer while many pods are there, and measures how long its successor takes until it has looked at all of
 * them. Nothing has changed meanwhile, so whatever it writes is a fault.
 */
export async function measureRestart(
  host: BenchHost,
  cluster: BenchCluster,
  count: number,
): Promise<readonly Figure[]> {
  const watch = await watchPods(host.client, cluster.namespace);
  try {
    const names = await createPods(cluster.client, NAMESPACE, 'restart', count);
    await allSeen(
      watch,
      names.map((name) => hostName(name, NAMESPACE, cluster.name)),
    );
    const killed = await findSyncer(host.cgroup);
    await untilQuiet(killed);
    const before = { time: Date.now(), virtual: await virtualWrites(cluster) };
    const times = await killAndWait(host, cluster, killed, count);
    await untilQuiet(await findSyncer(host.cgroup));
    const virtual = increase(before.virtual, await virtualWrites(cluster));
    const requests = await auditedRequests(host, cluster, before.time, Date.now());
    const writes = requests.filter(({ verb, objectRef }) => isWrite(verb) && objectRef?.resource !== 'leases');
    return figuresOf(count, times, {
      host: { count: writes.length, detail: grouped(writes) },
      virtual,
    });
  } finally {
    await watch.stop();
    await deletePods(cluster.client, NAMESPACE);
    await podsLeft(host.client, cluster.namespace, 'restart-');
  }
}

/** Seconds since the kill. */
interface Times {
  readonly started: number;
  readonly consistent: number;
}

async function killAndWait(host: BenchHost, cluster: BenchCluster, pid: number, pods: number): Promise<Times> {
  const address = await podAddress(host, cluster);
  const from = performance.now();
  const since = (): number => (performance.now() - from) / 1000;
  process.kill(pid, 'SIGKILL');
  const waiting = { timeoutMs: 120_000, everyMs: 50 };
  await eventually(async () => (await findSyncer(host.cgroup)) !== pid, { what: 'a new syncer', ...waiting });
  const started = since();
  // Every key is looked at once after a start; the other pods (DNS) come on top.
  const all = async (): Promise<boolean> => (await reconciledPods(address)) > pods;
  await eventually(all, { what: `the new syncer to look at ${pods} pods`, ...waiting });
  return { started, consistent: since() };
}

async function podAddress({ client }: BenchHost, { name, namespace }: BenchCluster): Promise<string> {
  const pod = await client.get<Pod>(RESOURCES.pods, namespace, `${clusterNames(name).controlPlane}-0`);
  const address = pod?.status?.podIP;
  if (address === undefined) throw new Error('the control plane has no address');
  return address;
}

async function reconciledPods(address: string): Promise<number> {
  const text = await fetchText(`http://${address}:${PORTS.syncerHealth}/metrics`);
  return sum(text, /^sublet_reconciles_total\{controller="pods",outcome="[a-z]+"\} (\S+)$/gm);
}

/**
 * Writes of the synced kinds that the virtual API server has carried out so far, whoever asked: `PATCH pods/status` → 7.
 * Those that it refused changed nothing: events of the last minute are offered again after a restart, and are there.
 */
async function virtualWrites({ client }: BenchCluster): Promise<ReadonlyMap<string, number>> {
  const text = await client.raw('/metrics');
  if (typeof text !== 'string') throw new Error('the metrics of the virtual API server are no text');
  const writes = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(/^apiserver_request_total\{(.*)\} (\S+)$/gm)) {
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (!label('code').startsWith('2') || !WRITING.has(label('verb')) || !SYNCED.has(label('resource'))) continue;
    const kind = `${label('verb')} ${[label('resource'), label('subresource')].filter(Boolean).join('/')}`;
    writes.set(kind, (writes.get(kind) ?? 0) + Number(value));
  }
  return writes;
}

const WRITING = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE']);
const SYNCED = new Set(['pods', 'services', 'endpoints', 'endpointslices', 'configmaps', 'secrets', 'nodes', 'events']);

function increase(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Writes {
  const more = [...after].map(([kind, count]) => ({ kind, count: count - (before.get(kind) ?? 0) }));
  const grown = more.filter(({ count }) => count > 0);
  return {
    count: grown.reduce((total, { count }) => total + count, 0),
    detail: grown.map(({ kind, count }) => `${count} ${kind}`).join(', '),
  };
}

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
}

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { timeout: 5000, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });
}

function isWrite(verb: string): boolean {
  return ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb);
}

interface Writes {
  readonly count: number;
  readonly detail: string;
}

function figuresOf(
  pods: number,
  { started, consistent }: Times,
  writes: { readonly host: Writes; readonly virtual: Writes },
): readonly Figure[] {
  const what = `restart of the syncer with ${pods} pods`;
  const written = (id: 'host' | 'virtual', where: string): Figure => ({
    id: `restart/${id}-writes`,
    what: `${what}: writes to the ${where}`,
    value: writes[id].count,
    unit: '',
    target: { atMost: 0 },
    detail: writes[id].detail,
  });
  return [
    {
      id: 'restart/consistent',
      what: `${what}: kill to all looked at`,
      value: consistent,
      unit: 's',
      detail: `${(consistent - started).toFixed(1)} s of it since the new process was there`,
    },
    written('host', 'host'),
    written('virtual', 'virtual cluster'),
  ];
}
