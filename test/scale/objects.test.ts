import { hostName } from '../../lib/contract';
import { resourceOf, type TestObject } from '../api/support/api';
import { NOTHING_FOUND } from '../api/support/syncer';
import { usePair } from '../api/support/use-pair';
import { eventually } from '../support/eventually';
import { type HostPlace, SCALED_KINDS, type ScaledKind } from './kinds';

/** Objects of each kind; fewer to try the test itself, by `SUBLET_SCALE_OBJECTS`. */
const OBJECTS = Number(process.env.SUBLET_SCALE_OBJECTS ?? 1000);
/** Requests of the tenant under way at once. */
const PARALLEL = 20;
/** For each step, on a busy machine. */
const TIMEOUT_MS = 30 * 60_000;

const pair = usePair({
  spec: {
    sync: { toHost: { ingresses: { enabled: true }, networkPolicies: { enabled: true } } },
    isolation: { hostnames: { catchAll: true }, classes: { ingress: { default: 'any' } } },
  },
});
const indexes = Array.from({ length: OBJECTS }, (_, index) => index);
const all = SCALED_KINDS.flatMap((kind) => indexes.map((index) => ({ kind, object: kind.object(index) })));
const onHost = (): readonly TestObject[] =>
  SCALED_KINDS.flatMap(({ onHost: make }) => (make === undefined ? [] : indexes.map((one) => make(one, place()))));
const place = (): HostPlace => ({ cluster: pair().name, namespace: pair().namespace });

beforeAll(() => inParallel(onHost(), (object) => pair().host.create(object)), 5 * 60_000);
afterAll(() => inParallel(onHost(), (object) => pair().host.delete(object)), 5 * 60_000);

describe(`${OBJECTS} objects of each of ${SCALED_KINDS.map(({ name }) => name).join(', ')}`, () => {
  it(
    'are on both sides once they were created',
    async () => {
      await inParallel(all, ({ object }) => pair().virtual.create(object));
      await untilEqual();
    },
    TIMEOUT_MS,
  );

  it(
    'are equal on both sides once they were changed',
    async () => {
      await inParallel(all, ({ kind, object }) => pair().virtual.patch(object, kind.change));
      await untilEqual();
    },
    TIMEOUT_MS,
  );

  it(
    'are equal after a restart of the syncer',
    async () => {
      await pair().syncer.kill();
      await pair().syncer.start();
      await untilEqual();
      expect(await pair().syncer.patrol()).toEqual(NOTHING_FOUND);
    },
    TIMEOUT_MS,
  );

  it(
    'are on neither side once they were deleted',
    async () => {
      await inParallel(all, ({ object }) => pair().virtual.delete(object));
      for (const kind of SCALED_KINDS)
        await eventually(() => areGone(kind), { what: `${kind.name}s to go`, ...PATIENCE });
    },
    TIMEOUT_MS,
  );
});

const PATIENCE = { timeoutMs: TIMEOUT_MS, everyMs: 500 } as const;

async function inParallel<One>(these: readonly One[], work: (one: One) => Promise<unknown>): Promise<void> {
  const left = [...these];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function untilEqual(): Promise<void> {
  for (const kind of SCALED_KINDS) {
    await eventually(() => areEqual(kind), { what: `${kind.name}s to be equal on both sides`, ...PATIENCE });
  }
}

async function areEqual(kind: ScaledKind): Promise<boolean> {
  const { virtual, host } = await both(kind);
  const equal = virtual.filter((object) => {
    const copy = host.get(hostName(object.metadata.name ?? '', object.metadata.namespace ?? '', pair().name));
    return copy !== undefined && kind.isEqual(object, copy, pair().name);
  });
  if (equal.length === OBJECTS) return true;
  throw new Error(`${equal.length} of ${OBJECTS} are equal, ${virtual.length} are in the virtual cluster`);
}

async function areGone(kind: ScaledKind): Promise<boolean> {
  const { virtual, host } = await both(kind);
  const left = [...host.keys()].filter((name) => virtualNames(kind).has(name));
  if (virtual.length === 0 && left.length === 0) return true;
  throw new Error(`${virtual.length} are left in the virtual cluster, ${left.length} on the host`);
}

const virtualNames = (kind: ScaledKind): ReadonlySet<string> =>
  new Set(indexes.map((index) => hostName(kind.object(index).metadata.name ?? '', 'default', pair().name)));

async function both(
  kind: ScaledKind,
): Promise<{ virtual: readonly TestObject[]; host: ReadonlyMap<string, TestObject> }> {
  const resource = resourceOf(kind.object(0));
  const names = new Set(indexes.map((index) => kind.object(index).metadata.name));
  const [virtual, host] = await Promise.all([
    pair().virtual.list(resource, 'default'),
    pair().host.list(resource, pair().namespace),
  ]);
  return {
    virtual: virtual.filter(({ metadata }) => names.has(metadata.name)),
    host: new Map(host.map((object) => [object.metadata.name ?? '', object])),
  };
}
