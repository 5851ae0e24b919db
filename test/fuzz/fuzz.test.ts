import { setTimeout as delay } from 'node:timers/promises';
import { POD_SECURITY_LABEL } from '../../lib';
import { ApiError } from '../../syncer/kube/api-error';
import type { TestApi, TestObject } from '../api/support/api';
import { usePair } from '../api/support/use-pair';
import { eventually } from '../support/eventually';
import { hostileTexts } from './hostile';
import { SEED_VERSIONS, SEEDS } from './kinds';
import { mutated, type Source } from './mutate';
import { hostObjects, idOf, unexpected } from './on-host';
import { type Random, randomOf } from './random';
import { readSchemas } from './schemas';

const MINUTES = Number(process.env.SUBLET_FUZZ_MINUTES ?? 60);
const SEED = Number(process.env.SUBLET_FUZZ_SEED ?? Date.now() % 1_000_000);
/** Tenants at work at the same time. */
const ACTORS = 4;
/** Milliseconds for which each rests after a request, so that others can work on the machine too. */
const REST_MS = Number(process.env.SUBLET_FUZZ_REST_MS ?? 20);
const LOOK_EVERY_MS = 20_000;
/** Two virtual namespaces, so that names meet. */
const NAMESPACES = ['fuzz-a', 'fuzz-b'] as const;
const NAMES = ['a', 'b', 'a-x-b', 'c.d', 'canary', 'certs'] as const;

const on = { enabled: true };
const pair = usePair({
  spec: {
    controlPlane: { syncer: { logLevel: 'warn' } },
    sync: {
      toHost: { ingresses: on, networkPolicies: on, podDisruptionBudgets: on, serviceAccounts: on },
      labels: { preserve: ['*'] },
    },
    // So that as much as possible gets to the host.
    isolation: { hostnames: { catchAll: true }, classes: { ingress: { default: 'any' } }, tolerations: ['*'] },
  },
});

/** What an actor does to one object. */
type Action = 'create' | 'replace' | 'delete' | 'status' | 'debug';

test(
  `${MINUTES} minutes of random and hostile objects, seed ${SEED}: the syncer runs on, and the host has only what it should`,
  async () => {
    const { virtual, host, syncer, name, namespace } = pair();
    const schemas = await readSchemas(virtual.client, SEED_VERSIONS);
    for (const one of NAMESPACES) {
      const metadata = { name: one, labels: { [POD_SECURITY_LABEL]: 'privileged' } };
      await virtual.create({ apiVersion: 'v1', kind: 'Namespace', metadata });
    }
    for (const kind of ['Secret', 'ConfigMap'])
      await host.create({ apiVersion: 'v1', kind, metadata: { name: 'canary', namespace }, data: {} });
    await virtual.until(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: NAMESPACES[1] } },
      'to be there',
    );
    const settled = await hostObjects(pair());
    const before = new Map(
      settled
        .filter(({ metadata }) => metadata.labels?.['vcluster.loft.sh/managed-by'] === undefined)
        .map((one) => [idOf(one), one]),
    );
    const starts = syncer.starts;
    const counts = { sent: 0, accepted: 0, refused: 0 };
    const memory: number[] = [];
    const texts = hostileTexts(name, namespace);
    const end = performance.now() + MINUTES * 60_000;

    const act = async (random: Random): Promise<void> => {
      const source: Source = { random, schemas, texts };
      const seed = random.pick(SEEDS)(random.pick(NAMES), random.pick(NAMESPACES));
      counts.sent += 1;
      try {
        await carryOut(random.pick(ACTIONS), seed, source);
        counts.accepted += 1;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 'API_UNREACHABLE') throw error;
        counts.refused += 1;
      }
    };
    const carryOut = async (action: Action, seed: TestObject, source: Source): Promise<unknown> => {
      const schema = schemas.of(seed.apiVersion ?? '', seed.kind ?? '');
      const worse = (object: unknown): TestObject => {
        const times = 1 + source.random.int(4);
        return Array.from({ length: times }).reduce<TestObject>(
          (value) => mutated(value, schema, source) as TestObject,
          object as TestObject,
        );
      };
      switch (action) {
        case 'create':
          return virtual.create(worse(seed));
        case 'delete':
          return virtual.delete(seed);
        case 'replace': {
          const found = await virtual.get(seed);
          return found === undefined ? virtual.create(seed) : virtual.patch(found, worse({ ...seed, ...found }));
        }
        case 'status':
          return virtual.patch(seed, worse({ ...seed, status: {} }), { subresource: 'status' });
        case 'debug':
          return virtual.patch(
            { apiVersion: 'v1', kind: 'Pod', metadata: seed.metadata },
            { spec: { ephemeralContainers: [worse({ name: 'e', image: 'x' })] } },
            { subresource: 'ephemeralcontainers', type: 'application/strategic-merge-patch+json' },
          );
      }
    };

    const actors = Array.from({ length: ACTORS }, async (_, index) => {
      const random = randomOf(SEED + index);
      while (performance.now() < end) {
        await act(random);
        await delay(REST_MS);
      }
    });
    const watch = async (): Promise<void> => {
      while (performance.now() < end) {
        await delay(Math.max(0, Math.min(LOOK_EVERY_MS, end - performance.now())));
        await syncer.untilReady();
        expect(syncer.starts).toBe(starts);
        expect(unexpected(await hostObjects(pair()), before, pair())).toEqual([]);
        memory.push(await syncer.metric('process_resident_memory_bytes'));
      }
    };
    await Promise.all([...actors, watch()]);

    const megabytes = memory.map((bytes) => Math.round(bytes / 1e6));
    console.error(JSON.stringify({ seed: SEED, minutes: MINUTES, ...counts, megabytes }));
    expect(counts.accepted).toBeGreaterThan(counts.sent / 20);
    // The second half needs no more than the first: what grows goes on growing.
    const half = Math.floor(megabytes.length / 2);
    expect(Math.max(...megabytes.slice(half))).toBeLessThan(Math.max(...megabytes.slice(0, half), 150) * 1.25);

    for (const one of NAMESPACES)
      await virtual.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: one } });
    const gone = async (): Promise<boolean> => {
      // A tenant's finalizers hold their objects, and with them the copies.
      await letGo(virtual);
      return (await hostObjects(pair())).every(
        (object) => !NAMESPACES.some((one) => object.metadata.labels?.['vcluster.loft.sh/namespace'] === one),
      );
    };
    await eventually(gone, { what: 'the host to be as before', everyMs: 500, timeoutMs: 180_000 });
    expect(unexpected(await hostObjects(pair()), before, pair())).toEqual([]);
  },
  (MINUTES + 10) * 60_000,
);

/** Takes the finalizers away from what the actors have left. */
async function letGo(virtual: TestApi): Promise<void> {
  for (const seed of SEEDS) {
    for (const namespace of NAMESPACES) {
      for (const name of NAMES) {
        const found = await virtual.get(seed(name, namespace));
        if (found?.metadata.finalizers?.some((one) => !one.startsWith('kubernetes.io/')) !== true) continue;
        await virtual.patch(seed(name, namespace), { metadata: { finalizers: null } });
      }
    }
  }
}

const ACTIONS: readonly Action[] = [
  'create',
  'create',
  'create',
  'create',
  'replace',
  'replace',
  'delete',
  'delete',
  'status',
  'debug',
];
