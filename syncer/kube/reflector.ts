import { SubletError, toSubletError } from '../../lib/contract';
import { interrupted, orInterrupted, pause } from './abort';
import { ApiError } from './api-error';
import { type Backoff, createBackoff } from './backoff';
import { type Clock, type Random, systemClock } from './clock';
import { assertNotFromFuture, collectInitialEvents, needsNewList, refusesStreamingList } from './list-watch';
import { type Logger, silentLogger } from './logger';
import type { Reflector, ReflectorOptions } from './reflector-options';
import { ObjectStore } from './store';
import type { CacheChange, KubeObject, ListResult, ObjectKey, Resource } from './types';
import { missedChanges } from './verify';
import { openWatchSession, type WatchSession } from './watch-session';

/** Makes a reflector: the cache is empty until it runs. */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  return new ListWatchReflector(options);
}

/** A watch that lived this long was healthy; one that ended sooner, and empty, was a failure. */
const HEALTHY_MS = 5_000;
const STILLBORN_MS = 1_000;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: SubletError) => void;
}

class ListWatchReflector<T extends KubeObject> implements Reflector<T> {
  readonly resource: Resource;
  synced = false;
  served = true;
  resourceVersion = '';
  lastSyncError: SubletError | undefined;
  readonly #store: ObjectStore<T>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;
  readonly #backoff: Backoff;
  readonly #listeners = new Set<(change: CacheChange<T>) => void>();
  readonly #firstSync = Promise.withResolvers<void>();
  #waiters: Waiter[] = [];
  #streaming = true;
  #needsList = true;
  /** The position is checked against the store after a failure: its server may have come back with another store. */
  #trusted = true;
  #ended = false;
  /** Ends the watch that runs, so that the loop looks what is to be done. */
  #interrupt: () => void = () => undefined;

  constructor(private readonly options: ReflectorOptions<T>) {
    this.resource = options.resource;
    this.#store = new ObjectStore(options.indexers);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#logger = options.logger ?? silentLogger;
    const { baseMs, capMs } = options.backoff ?? { baseMs: 800, capMs: 30_000 };
    this.#backoff = createBackoff(baseMs, capMs, this.#random);
  }

  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  list(): readonly T[] {
    return this.#store.list();
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#store.byIndex(index, value);
  }

  subscribe(listener: (change: CacheChange<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  lend(): () => void {
    const before = new Set(this.#listeners);
    return () => {
      for (const listener of [...this.#listeners]) if (!before.has(listener)) this.#listeners.delete(listener);
    };
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return orInterrupted(this.#firstSync.promise, `waiting for ${this.resource.plural}`, signal);
  }

  relist(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#ended) reject(new SubletError('INTERRUPTED', `the watch of ${this.resource.plural} has ended`));
    else {
      this.#waiters.push({ resolve, reject });
      this.#interrupt();
    }
    return orInterrupted(promise, `list of ${this.resource.plural}`, signal);
  }

  async verify(signal: AbortSignal): Promise<readonly ObjectKey[]> {
    if (!this.synced || !this.served || this.lastSyncError !== undefined) return [];
    const suspects = await this.#unexplained(signal);
    if (suspects.length === 0) return [];
    // What was gone or made anew after the first list is not so by the second.
    const again = new Set(await this.#unexplained(signal));
    const missed = suspects.filter((key) => again.has(key));
    if (missed.length > 0) await this.relist(signal);
    return missed;
  }

  /** Keys in which the cache differs from a list that is taken now, and goes on to do so. */
  async #unexplained(signal: AbortSignal): Promise<readonly ObjectKey[]> {
    const { client, query, lagMs = 5_000 } = this.options;
    const listed = await client.list<KubeObject>(this.resource, { ...query, metadataOnly: true }, { signal });
    const deadline = this.#clock.now() + lagMs;
    let missed = missedChanges(this, listed);
    while (missed.length > 0 && this.#clock.now() < deadline && !signal.aborted) {
      await pause(lagMs / 20, signal, this.#clock);
      missed = missedChanges(this, listed);
    }
    return missed;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#waiters.length > 0) this.#needsList = true;
        if (this.#needsList) await this.#takeList(signal);
        else await this.#resume(signal);
      } catch (error) {
        if (signal.aborted) break;
        if (!this.#digest(error)) await pause(this.#backoff.next(), signal, this.#clock);
      }
    }
    this.#ended = true;
    settle(this.#waiters.splice(0), interrupted(`list of ${this.resource.plural}`, signal));
  }

  async #takeList(signal: AbortSignal): Promise<void> {
    const asked = this.#waiters.splice(0);
    const { client, query, initialSilenceMs = 60_000 } = this.options;
    try {
      if (!this.#streaming) {
        this.#takeIn(await client.list<T>(this.resource, query, { signal }), asked);
        return;
      }
      await this.#withSession({ sendInitialEvents: true }, signal, async (session) => {
        this.#takeIn(await initialList(session, initialSilenceMs), asked.splice(0));
        await this.#follow(session);
      });
    } catch (error) {
      settle(asked, toSubletError(error, 'API_ERROR'));
      throw error;
    }
  }

  async #resume(signal: AbortSignal): Promise<void> {
    const { resourceVersion } = this;
    if (!this.#trusted) {
      await assertNotFromFuture(this.options.client, this.resource, this.options.query, resourceVersion, signal);
      this.#trusted = true;
    }
    await this.#withSession({ resourceVersion }, signal, (session) => this.#follow(session));
  }

  async #withSession(
    start: { readonly resourceVersion: string } | { readonly sendInitialEvents: true },
    signal: AbortSignal,
    work: (session: WatchSession<T>) => Promise<void>,
  ): Promise<void> {
    const { client, query, watchSeconds = 300, graceMs = 15_000 } = this.options;
    const timeoutSeconds = Math.round(watchSeconds * (1 + this.#random()));
    const began = this.#clock.now();
    const session = openWatchSession<T>(
      client,
      this.resource,
      { ...query, ...start, timeoutSeconds },
      {
        signal,
        clock: this.#clock,
        graceMs,
        onOpen: () => {
          if (!this.#needsList) this.lastSyncError = undefined;
        },
      },
    );
    try {
      await work(session);
    } finally {
      this.#interrupt = () => undefined;
      if (this.#clock.now() - began >= HEALTHY_MS) this.#backoff.reset();
      await session.close();
    }
    const stillborn = !session.received && this.#clock.now() - began < STILLBORN_MS;
    if (stillborn && !session.interrupted && this.#waiters.length === 0 && !signal.aborted) {
      throw new SubletError('API_UNREACHABLE', `watch of ${this.resource.plural}: the server ended it at once`);
    }
  }

  async #follow(session: WatchSession<T>): Promise<void> {
    if (this.#waiters.length > 0) return;
    this.#interrupt = () => session.interrupt();
    for (let event = await session.next(); event !== undefined; event = await session.next()) {
      const { type } = event;
      const object = type === 'BOOKMARK' ? event.object : this.#prune(event.object);
      const changes =
        type === 'BOOKMARK' ? [] : type === 'DELETED' ? this.#store.remove(object) : this.#store.put(object);
      this.resourceVersion = event.object.metadata.resourceVersion ?? this.resourceVersion;
      this.#backoff.reset();
      this.#publish(changes);
    }
  }

  #takeIn(list: ListResult<T>, asked: readonly Waiter[]): void {
    const changes = this.#store.replace(list.items.map((item) => this.#prune(item)));
    this.resourceVersion = list.resourceVersion;
    this.synced = true;
    this.served = true;
    this.#needsList = false;
    this.#trusted = true;
    this.lastSyncError = undefined;
    this.#publish(changes);
    this.#firstSync.resolve();
    settle(asked);
  }

  #prune(object: T): T {
    Reflect.deleteProperty(object.metadata, 'managedFields');
    return this.options.transform?.(object) ?? object;
  }

  #publish(changes: readonly CacheChange<T>[]): void {
    for (const change of changes) {
      for (const listener of this.#listeners) {
        try {
          listener(change);
        } catch (error) {
          this.#logger.error({ resource: this.resource.plural, err: error }, 'a listener of a cache failed');
        }
      }
    }
  }

  #isNotServed(why: string): void {
    const { namespace } = this.options.query;
    if (this.served) this.#logger.info({ resource: this.resource.plural, ...(namespace && { namespace }) }, why);
    this.served = false;
    this.synced = true;
    this.#needsList = true;
    this.#firstSync.resolve();
  }

  /** Draws the conclusions from a failure. Returns whether the next attempt may follow at once. */
  #digest(thrown: unknown): boolean {
    const error = toSubletError(thrown, 'API_ERROR');
    this.#trusted = false;
    if (this.#streaming && this.#needsList && refusesStreamingList(error)) {
      this.#streaming = false;
      this.#logger.debug({ resource: this.resource.plural }, 'the server knows no streaming lists, so pages are read');
      return true;
    }
    if (needsNewList(error)) this.#needsList = true;
    const { optional, deniable } = this.options;
    const status = error instanceof ApiError ? error.status : undefined;
    if ((optional && status === 404) || (deniable && status === 403)) {
      this.#isNotServed(status === 403 ? 'the server does not let us see this kind' : NOT_KNOWN);
      return false;
    }
    this.lastSyncError = error;
    this.#logger.warn({ resource: this.resource.plural, code: error.code, reason: error.message }, 'a watch failed');
    return false;
  }
}

const NOT_KNOWN = 'the server does not know this kind';

async function initialList<T extends KubeObject>(session: WatchSession<T>, silenceMs: number): Promise<ListResult<T>> {
  const initial = collectInitialEvents<T>();
  for (;;) {
    const event = await session.next(silenceMs);
    if (event === undefined) throw new SubletError('API_UNREACHABLE', 'the list ended before it was complete');
    const list = initial.take(event);
    if (list !== undefined) return list;
  }
}

function settle(waiters: readonly Waiter[], error?: SubletError): void {
  for (const { resolve, reject } of waiters) {
    if (error) reject(error);
    else resolve();
  }
}
