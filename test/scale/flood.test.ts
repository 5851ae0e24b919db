import { RESOURCES } from '../../syncer/kube/resources';
import type { TestObject } from '../api/support/api';
import type { Pair } from '../api/support/pair';
import { usePair } from '../api/support/use-pair';

/** Objects of each kind in the flood; fewer to try the test itself, by `SUBLET_SCALE_OBJECTS`. */
const OBJECTS = Number(process.env.SUBLET_SCALE_OBJECTS ?? 1000);
/** Requests of the greedy tenant under way at once. */
const PARALLEL = 20;
const TIMEOUT_MS = 15 * 60_000;

/** What the syncer of a greedy tenant may take, in bytes. */
const MEMORY_BOUND = 384 * 1024 * 1024;
/** How long another tenant's object may take to the host meanwhile: half of them, in milliseconds. */
const LATENCY_BOUND_MS = 2_000;

const QUOTA = { pods: 20, configmaps: 100 };
const greedy = usePair({
  spec: { isolation: { quota: { counts: QUOTA } }, sync: { toHost: { configMaps: { all: true } } } },
});
const regular = usePair({ spec: { sync: { toHost: { configMaps: { all: true } } } } });

const indexes = Array.from({ length: OBJECTS }, (_, index) => index);
const configMap = (name: string, data: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { text: data },
});
const pod = (index: number): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `flood-${index}`, namespace: 'default', annotations: { bulk: 'x'.repeat(10_000) } },
  spec: {
    containers: [{ name: 'main', image: 'busybox' }],
    volumes: [{ name: 'conf', configMap: { name: `flood-${index}` } }],
    terminationGracePeriodSeconds: 0,
  },
});

/** How long objects take from their creation until the host has them, in milliseconds, in order. */
async function latencies(pair: Pair, prefix: string, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    const { metadata } = await pair.virtual.create(configMap(`${prefix}-${index}`, 'small'));
    const name = `${metadata.name}-x-default-x-${pair.name}`;
    await pair.host.until(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: pair.namespace } },
      'to be made',
    );
    times.push(performance.now() - started);
  }
  return times.sort((one, other) => one - other);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

const managed = async (pair: Pair, kind: 'pods' | 'configMaps'): Promise<number> =>
  (await pair.host.list(RESOURCES[kind], pair.namespace)).filter(
    ({ metadata: { labels = {}, annotations = {} } }) =>
      labels['vcluster.loft.sh/managed-by'] === pair.name && annotations['vcluster.loft.sh/object-name'] !== undefined,
  ).length;

it(
  `row 30: a flood of ${OBJECTS} pods and ConfigMaps stays within its quota and its memory, and others do not wait for it`,
  async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } };
    await greedy().virtual.until(account, 'to be made');
    const quiet = await latencies(regular(), 'quiet', 20);
    const flood = (async () => {
      await inParallel(indexes, (index) => greedy().virtual.create(configMap(`flood-${index}`, 'y'.repeat(10_000))));
      await inParallel(indexes, (index) => greedy().virtual.create(pod(index)));
      await inParallel(indexes, (index) =>
        greedy().virtual.patch(pod(index), { metadata: { labels: { churn: 'a' } } }),
      );
      await inParallel(indexes, (index) =>
        greedy().virtual.patch(pod(index), { metadata: { labels: { churn: 'b' } } }),
      );
    })();
    const busy: number[] = [];
    let isOver = false;
    const ended = flood.finally(() => {
      isOver = true;
    });
    for (let round = 0; !isOver; round += 1) busy.push(...(await latencies(regular(), `busy-${round}`, 5)));
    await ended;
    busy.sort((one, other) => one - other);
    const memory = await greedy().syncer.metric('process_resident_memory_bytes');
    const middle = (times: readonly number[]): number => Math.round(times[Math.floor(times.length / 2)] ?? 0);
    process.stdout.write(
      `flood of ${OBJECTS}: syncer ${Math.round(memory / 2 ** 20)} MiB; another cluster's median ${middle(quiet)} ms, then ${middle(busy)} ms, at most ${Math.round(busy.at(-1) ?? 0)} ms of ${busy.length}\n`,
    );
    expect(await managed(greedy(), 'pods')).toBeLessThanOrEqual(QUOTA.pods);
    expect(await managed(greedy(), 'configMaps')).toBeLessThanOrEqual(QUOTA.configmaps);
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThan(MEMORY_BOUND);
    expect(middle(busy)).toBeLessThan(LATENCY_BOUND_MS);
  },
  TIMEOUT_MS,
);
