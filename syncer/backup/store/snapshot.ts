import { SubletError } from '../../../lib/contract';
import type { StoreClient } from './client';
import type { KeyValue } from './messages';

/** Below this lies everything that a Kubernetes API server stores. */
const PREFIX = Buffer.from('/registry/');
const END = Buffer.from('/registry0');

/** Of no use to those that come after: where API servers note that they are there, for seconds, and kine's own note. */
const PASSING = ['/registry/masterleases/', '/registry/health'];

const FIRST_PAGE = 16;
const LARGEST_PAGE = 1_000;
/** Pages grow and shrink around this size, in bytes: a snapshot must not hold much of the store in memory. */
const PAGE_BYTES = 1 << 20;

/** A snapshot that has begun: what the store holds at one revision, whatever is written meanwhile. */
export interface Snapshot {
  readonly revision: number;
  /** The keys in order, read page by page as they are asked for. */
  readonly items: AsyncGenerator<KeyValue>;
}

/**
 * Begins to read a store at the revision that it has now.
 * @throws SubletError `API_ERROR` from `items` when the store has forgotten that revision before all of it was read
 */
export async function takeSnapshot(store: Pick<StoreClient, 'range'>): Promise<Snapshot> {
  const { revision } = await store.range({ key: PREFIX, end: END, limit: 1, revision: 0 });
  return { revision, items: pages(store, revision) };
}

async function* pages(store: Pick<StoreClient, 'range'>, revision: number): AsyncGenerator<KeyValue> {
  let key = PREFIX;
  let limit = FIRST_PAGE;
  for (;;) {
    const { items, more } = await store.range({ key, end: END, limit, revision });
    for (const item of items) if (!isPassing(item.key)) yield item;
    const last = items.at(-1);
    if (!more || last === undefined) return;
    key = Buffer.concat([last.key, Buffer.from([0])]);
    const size = items.reduce((sum, { value }) => sum + value.length, 0);
    limit = Math.max(1, Math.min(LARGEST_PAGE, size > PAGE_BYTES ? Math.floor(limit / 2) : limit * 2));
  }
}

const isPassing = (key: Buffer): boolean => PASSING.some((one) => key.subarray(0, one.length).toString() === one);

/** Deletes everything that an API server has stored. @returns how many keys there were */
export async function emptyStore(store: Pick<StoreClient, 'range' | 'delete'>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { items } = await store.range({ key: PREFIX, end: END, limit: LARGEST_PAGE, revision: 0, keysOnly: true });
    if (items.length === 0) return deleted;
    await inFlight(items, async ({ key, revision }) => void (await store.delete(key, revision)));
    deleted += items.length;
  }
}

/** What has an end gets a new one that far away, in seconds: the life of an event. */
const LEASE_SECONDS = 3_600;

/**
 * Puts keys into an empty store.
 * @returns how many there were
 * @throws SubletError `API_CONFLICT` when the store has one of them already: somebody else writes to it
 */
export async function loadSnapshot(
  store: Pick<StoreClient, 'create' | 'grantLease'>,
  items: AsyncIterable<Pick<KeyValue, 'key' | 'value' | 'leased'>>,
): Promise<number> {
  let lease: Promise<number> | undefined;
  let count = 0;
  await inFlight(items, async ({ key, value, leased }) => {
    if (leased) lease ??= store.grantLease(LEASE_SECONDS);
    if (!(await store.create(key, value, leased ? ((await lease) ?? 0) : 0))) throw occupied(key);
    count += 1;
  });
  return count;
}

function occupied(key: Buffer): SubletError {
  return new SubletError('API_CONFLICT', `the store has the key ${key.toString()} already: it is not empty`, {
    hint: 'stop whoever writes to it, and restore again',
  });
}

/** Writes under way at a time: a store on a disk answers many at once sooner than one after the other. */
const AT_ONCE = 8;

/** Does something for each item, several at a time; the first failure ends it. */
async function inFlight<T>(items: Iterable<T> | AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const item of items) {
    const one = work(item).finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
}
