import { SubletError } from '../../lib/contract';
import { pause } from '../kube/abort';
import { RESOURCES } from '../kube/resources';
import type { Cache, KubeClient, KubeObject, ObjectKey } from '../kube/types';
import { isAtLeast } from '../kube/versions';
import { splitKey } from './side';

/** What is known of the virtual store: whose it is, and how far it had come when it was last seen. */
export interface StoreMark {
  /** UID of the virtual namespace `kube-system`. */
  readonly uid: string;
  /** The highest resourceVersion seen. */
  readonly resourceVersion: string;
}

/** Why deletions are stopped. */
export type Brake =
  | { readonly kind: 'replaced'; readonly remembered: StoreMark; readonly found: StoreMark }
  | { readonly kind: 'restored'; readonly remembered: StoreMark; readonly found: StoreMark };

/** Reads the mark of the virtual store by one request. */
export async function readStoreMark(virtual: KubeClient, signal?: AbortSignal): Promise<StoreMark | undefined> {
  const query = { fieldSelector: 'metadata.name=kube-system', metadataOnly: true };
  const { items, resourceVersion } = await virtual.list(RESOURCES.namespaces, query, signal ? { signal } : {});
  const uid = items[0]?.metadata.uid;
  return uid === undefined ? undefined : { uid, resourceVersion };
}

/** Whether a store is the remembered one, at or past the state in which it was last seen. Pure. */
export function judgeStore(remembered: StoreMark | undefined, found: StoreMark, accepted?: string): Brake | undefined {
  if (remembered === undefined || accepted === found.uid) return undefined;
  if (remembered.uid !== found.uid) return { kind: 'replaced', remembered, found };
  if (!isAtLeast(found.resourceVersion, remembered.resourceVersion)) return { kind: 'restored', remembered, found };
  return undefined;
}

/**
 * Decides whether a virtual object is really gone. Absence from a cache is not enough: a deletion must have been seen
 * by the watch, or the API server of the same, not rewound store must say 404. While the store looks blank, replaced or
 * restored, nothing is gone.
 */
export class AbsenceGuard {
  readonly #observed = new Map<string, string>();
  readonly #watched = new Set<Cache<KubeObject>>();
  #remembered: StoreMark | undefined;
  #accepted: string | undefined;
  #brake: Brake | undefined;

  constructor(
    private readonly virtual: KubeClient,
    private readonly onBrake: (brake: Brake | undefined) => void,
    /** How long ago another API server may have seen what this one has not yet, in milliseconds. */
    private readonly lagMs = 0,
  ) {}

  /** The mark to keep for the next start, undefined before the store was seen. */
  get mark(): StoreMark | undefined {
    return this.#remembered;
  }

  get brake(): Brake | undefined {
    return this.#brake;
  }

  /**
   * Takes over what another syncer remembered, and an operator's word to accept the store with this UID. `led`: the other
   * one is at work now, so that it knows better than what was heard of it, or seen by ourselves, before.
   */
  remember(mark: StoreMark | undefined, accepted: string | undefined, led = false): void {
    this.#remembered = led ? (mark ?? this.#remembered) : (this.#remembered ?? mark);
    this.#accepted = accepted;
  }

  /**
   * Notes deletions that these watches see, and how far the store has come. To be called before controllers run; a watch
   * that is known is not followed twice.
   */
  watch(caches: readonly Cache<KubeObject>[]): void {
    for (const cache of caches) {
      if (!this.#watched.has(cache)) this.#watch(cache);
      this.#watched.add(cache);
    }
  }

  #watch(cache: Cache<KubeObject>): void {
    const { plural } = cache.resource;
    cache.subscribe((change) => {
      const object = change.kind === 'deleted' ? change.previous : change.object;
      const { namespace, name, uid, resourceVersion } = object.metadata;
      const id = `${plural} ${namespace ?? ''}/${name}`;
      if (change.kind !== 'deleted') this.#observed.delete(id);
      else if (change.observed && uid !== undefined) this.#observed.set(id, uid);
      this.#advance(resourceVersion);
    });
  }

  /** Forgets an observed deletion once it was carried out. */
  settle(cache: { readonly resource: { readonly plural: string } }, key: ObjectKey): void {
    this.#observed.delete(`${cache.resource.plural} ${key}`);
  }

  /**
   * Whether the virtual object that had this UID is gone. Never true on doubt. Without a UID (an object that was still
   * in admission): whether there is none of that name.
   */
  async isGone<T extends KubeObject>(
    cache: Cache<T>,
    key: ObjectKey,
    uid: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (uid !== undefined && this.#observed.get(`${cache.resource.plural} ${key}`) === uid) return true;
    if (!cache.synced) return false;
    const { namespace, name } = splitKey(key);
    const found = await this.virtual.get<KubeObject>(cache.resource, namespace, name, { signal });
    if (found !== undefined && (uid === undefined || found.metadata.uid === uid)) return false;
    // The store is judged after the answer: one that was swapped in between must not be believed.
    return (await this.checkStore(signal)) === undefined;
  }

  /** Compares the store with the remembered mark by one request, and sets or lifts the brake. */
  async checkStore(signal: AbortSignal): Promise<Brake | undefined> {
    const before = this.#brake;
    let found = await this.#look(signal);
    let brake = judgeStore(this.#remembered, found, this.#accepted);
    if (brake?.kind === 'restored' && before === undefined && this.lagMs > 0) {
      await pause(this.lagMs, signal);
      found = await this.#look(signal);
      brake = judgeStore(this.#remembered, found, this.#accepted);
    }
    this.#brake = brake;
    if (this.#brake === undefined) this.#remembered = found;
    if (before?.kind !== this.#brake?.kind) this.onBrake(this.#brake);
    return this.#brake;
  }

  async #look(signal: AbortSignal): Promise<StoreMark> {
    const found = await readStoreMark(this.virtual, signal);
    if (found !== undefined) return found;
    throw new SubletError('DELETION_BRAKE', 'the virtual API server does not know its namespace kube-system yet');
  }

  #advance(resourceVersion: string | undefined): void {
    if (this.#remembered === undefined || resourceVersion === undefined || this.#brake !== undefined) return;
    if (isAtLeast(resourceVersion, this.#remembered.resourceVersion)) {
      this.#remembered = { uid: this.#remembered.uid, resourceVersion };
    }
  }
}
