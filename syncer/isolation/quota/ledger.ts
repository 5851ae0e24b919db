import { type Amounts, amountsOf, type QuotaRules } from '../../../lib/contract';
import { type Hold, type HostGate, NoRoom } from '../../engine/host-gate';
import { ownership } from '../../engine/ownership';
import type { ClusterContext } from '../../engine/types';
import { type Cache, type KubeObject, keyOf, type ObjectKey, type Resource } from '../../kube/types';
import { isAtLeast } from '../../kube/versions';
import { chargeOf } from './charge';
import { type Shortfall, shortOf } from './wording';

/** What one object of the host takes. */
interface Account {
  /** By its state that was last seen, or written. */
  seen:
    | { readonly uid: string | undefined; readonly version: string | undefined; readonly charge: Amounts }
    | undefined;
  /** By writes that are under way. */
  readonly held: Set<Amounts>;
  /** What counts: the most of all of these, resource by resource. */
  charge: Amounts;
}

/** An object that found no room. */
interface Waiter {
  readonly resource: Resource;
  readonly key: ObjectKey;
  readonly account: string;
  readonly charge: Amounts;
}

const NOTHING: Amounts = new Map();

/**
 * How much a virtual cluster holds on the host, in all its host namespaces together. It counts what the caches show and
 * what is being written, so that two writes at once never share the last room. Who finds none is told when there is:
 * the longest waiting first.
 */
export class QuotaLedger implements HostGate {
  readonly #hard: Amounts;
  readonly #used = new Map<string, bigint>();
  readonly #accounts = new Map<string, Account>();
  readonly #waiters = new Map<string, Waiter>();
  readonly #tell = new Map<string, (key: ObjectKey) => void>();
  readonly #watchers = new Set<() => void>();
  #offering = false;

  constructor(
    private readonly context: ClusterContext,
    readonly rules: QuotaRules,
  ) {
    this.#hard = amountsOf(rules.hard);
  }

  /** What is used of each resource that is limited, in billionths. */
  get used(): Amounts {
    return this.#used;
  }

  /** The most that there may be of each resource that is limited, in billionths. */
  get hard(): Amounts {
    return this.#hard;
  }

  /** How many objects wait for room. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** Calls back whenever {@link used} changes. Returns what ends that. */
  subscribe(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  follow<T extends KubeObject>(cache: Cache<T>): void {
    const { resource } = cache;
    const see = (object: T): void => {
      const id = accountOf(resource, object);
      const account = this.#accounts.get(id);
      const { uid, resourceVersion: version } = object.metadata;
      // What was written last may be newer than what the watch brings.
      const isOld = account?.seen?.uid === uid && !isAtLeast(version, account?.seen?.version);
      if (!isOld) this.#see(id, { uid, version, charge: this.#chargeOf(resource, object) });
    };
    for (const object of cache.list()) see(object);
    cache.subscribe((change) => {
      if (change.kind !== 'deleted') {
        see(change.object);
        return;
      }
      const id = accountOf(resource, change.previous);
      if (this.#accounts.get(id)?.seen?.uid === change.previous.metadata.uid) this.#see(id, undefined);
    });
    this.#caches.set(idOf(resource), cache);
  }

  readonly #caches = new Map<string, Pick<Cache<KubeObject>, 'get' | 'resourceVersion'>>();

  hold<T extends KubeObject>(resource: Resource, becomes: T): Hold<T> | undefined {
    const charge = this.#chargeOf(resource, becomes);
    if (charge.size === 0) return undefined;
    const id = accountOf(resource, becomes);
    const key = this.#virtualKeyOf(becomes);
    const account = this.#accounts.get(id);
    const short = this.#shortfalls(charge, account?.charge ?? NOTHING, this.#used);
    if (short.length > 0) {
      if (key !== undefined) this.#wait(resource, key, id, charge);
      throw new NoRoom(shortOf(short, this.rules));
    }
    if (key !== undefined) this.#waiters.delete(waiterOf(resource, key));
    const entry = account ?? this.#open(id);
    entry.held.add(charge);
    this.#recount(id, entry);
    return {
      settle: (written) => {
        if (!entry.held.delete(charge)) return;
        this.#settle(id, resource, written);
      },
      release: () => {
        if (entry.held.delete(charge)) this.#recount(id, entry);
      },
    };
  }

  onRoom(resource: Resource, tell: (key: ObjectKey) => void): void {
    this.#tell.set(idOf(resource), tell);
  }

  forget(resource: Resource, key: ObjectKey): void {
    // It may have been offered room that somebody behind it can use.
    if (this.#waiters.delete(waiterOf(resource, key))) this.#offer();
  }

  #settle<T extends KubeObject>(id: string, resource: Resource, written: T): void {
    const cache = this.#caches.get(idOf(resource));
    const { uid, resourceVersion: version } = written.metadata;
    const cached = cache?.get(keyOf(written));
    // The watch may have seen it go again before the answer to the write came.
    const isPast = isAtLeast(cached?.metadata.resourceVersion ?? cache?.resourceVersion, version);
    const entry = this.#accounts.get(id) ?? this.#open(id);
    if (isPast) this.#recount(id, entry);
    else this.#see(id, { uid, version, charge: this.#chargeOf(resource, written) });
  }

  #see(id: string, seen: Account['seen']): void {
    if (seen?.charge.size === 0 && !this.#accounts.has(id)) return;
    const entry = this.#accounts.get(id) ?? this.#open(id);
    entry.seen = seen;
    this.#recount(id, entry);
  }

  #open(id: string): Account {
    const entry: Account = { seen: undefined, held: new Set(), charge: NOTHING };
    this.#accounts.set(id, entry);
    return entry;
  }

  #recount(id: string, entry: Account): void {
    const charge = new Map<string, bigint>();
    for (const part of [entry.seen?.charge ?? NOTHING, ...entry.held]) {
      for (const [resource, amount] of part) charge.set(resource, larger(amount, charge.get(resource)));
    }
    const before = entry.charge;
    entry.charge = charge;
    if (entry.seen === undefined && entry.held.size === 0) this.#accounts.delete(id);
    let [changed, freed] = [false, false];
    for (const resource of this.#hard.keys()) {
      const difference = (charge.get(resource) ?? 0n) - (before.get(resource) ?? 0n);
      if (difference === 0n) continue;
      changed = true;
      freed ||= difference < 0n;
      this.#used.set(resource, (this.#used.get(resource) ?? 0n) + difference);
    }
    if (changed) for (const watcher of this.#watchers) watcher();
    if (freed) this.#offer();
  }

  /** Only what is limited is counted, and only copies of the tenant's objects. */
  #chargeOf(resource: Resource, object: KubeObject): Amounts {
    if (ownership(object, this.context).kind !== 'ours') return NOTHING;
    return new Map([...chargeOf(resource, object)].filter(([name]) => this.#hard.has(name)));
  }

  #virtualKeyOf(object: KubeObject): ObjectKey | undefined {
    const owner = ownership(object, this.context);
    return owner.kind === 'ours' ? owner.key : undefined;
  }

  /** What is lacking. An object that asks for no more than it has always fits. */
  #shortfalls(charge: Amounts, has: Amounts, used: Amounts): readonly Shortfall[] {
    return [...charge].flatMap(([resource, amount]) => {
      const asked = amount - (has.get(resource) ?? 0n);
      const [hard = 0n, inUse = 0n] = [this.#hard.get(resource), used.get(resource)];
      return asked > 0n && inUse + asked > hard ? [{ resource, asked, used: inUse, hard }] : [];
    });
  }

  #wait(resource: Resource, key: ObjectKey, account: string, charge: Amounts): void {
    // Whoever asks again keeps its place.
    this.#waiters.set(waiterOf(resource, key), { resource, key, account, charge });
  }

  /** Tells those who wait, in their order, as far as there is room for all of them that are told. */
  #offer(): void {
    if (this.#offering || this.#waiters.size === 0) return;
    this.#offering = true;
    queueMicrotask(() => {
      this.#offering = false;
      const used = new Map(this.#used);
      for (const { resource, key, account, charge } of this.#waiters.values()) {
        const has = this.#accounts.get(account)?.charge ?? NOTHING;
        if (this.#shortfalls(charge, has, used).length > 0) continue;
        for (const [name, amount] of charge) {
          const asked = amount - (has.get(name) ?? 0n);
          if (asked > 0n) used.set(name, (used.get(name) ?? 0n) + asked);
        }
        this.#tell.get(idOf(resource))?.(key);
      }
    });
  }
}

function larger(one: bigint, other: bigint = one): bigint {
  return one > other ? one : other;
}

function idOf({ group, plural }: Resource): string {
  return `${plural}.${group}`;
}

function accountOf(resource: Resource, object: KubeObject): string {
  return `${idOf(resource)} ${keyOf(object)}`;
}

function waiterOf(resource: Resource, key: ObjectKey): string {
  return `${idOf(resource)} ${key}`;
}
