import type {
  Cache,
  DeleteOptions,
  KubeClient,
  KubeObject,
  ObjectKey,
  PatchType,
  RequestOptions,
  Resource,
} from '../kube/types';
import { keyOf } from '../kube/types';
import { isAtLeast } from '../kube/versions';
import type { Hold, HostGate } from './host-gate';

/**
 * One kind on one API server, as the engine sees it: reads come from the cache, writes go to the server, and what was
 * written is read back at once, although the watch brings it only later. Without that a second reconcile would create
 * or patch again what the first has just written.
 */
export class Side<T extends KubeObject> {
  readonly #written = new Map<ObjectKey, T>();
  readonly #transform: (object: T) => T;

  constructor(
    readonly cache: Cache<T>,
    readonly client: KubeClient,
    /** What the cache keeps of an object: written objects are kept in the same form. */
    transform: (object: T) => T = (object) => object,
    /** What decides how much may be written. Of the host's sides only. @default nothing does */
    readonly gate?: HostGate,
  ) {
    this.#transform = transform;
    gate?.follow(cache);
    cache.subscribe((change) => {
      const object = change.kind === 'deleted' ? change.previous : change.object;
      const key = keyOf(object);
      const written = this.#written.get(key);
      if (written === undefined) return;
      const replaced = written.metadata.uid !== object.metadata.uid;
      const seen = isAtLeast(object.metadata.resourceVersion, written.metadata.resourceVersion);
      if (seen || (replaced && change.kind === 'deleted' && !change.observed)) this.#written.delete(key);
    });
  }

  get resource(): Resource {
    return this.cache.resource;
  }

  /** The newest state known: what was written last, unless the cache already holds something newer. */
  get(key: ObjectKey): T | undefined {
    const written = this.#written.get(key);
    if (written === undefined) return this.cache.get(key);
    if (this.#isPast(written)) {
      this.#written.delete(key);
      return this.cache.get(key);
    }
    return written;
  }

  /** Reads past the cache, from the server itself. */
  async fetch(key: ObjectKey, options?: RequestOptions): Promise<T | undefined> {
    const { namespace, name } = splitKey(key);
    return this.client.get<T>(this.resource, namespace, name, options);
  }

  /**
   * Keeps room on the host for an object, before anything is written on its behalf.
   * @throws NoRoom
   */
  hold(becomes: T): Hold<T> | undefined {
    return this.gate?.hold(this.resource, becomes);
  }

  /** @throws NoRoom where the host may not hold it, unless it was kept room for with {@link hold} */
  async create(object: T, hold = this.hold(object)): Promise<T> {
    return this.#held(hold, () => this.client.create(this.resource, object.metadata.namespace, object));
  }

  /** @throws NoRoom where the host may not hold what the object `becomes` */
  async patch(key: ObjectKey, patch: object, options: SidePatchOptions<T> = {}): Promise<T> {
    const { namespace, name } = splitKey(key);
    const { becomes, ...how } = options;
    const hold = becomes === undefined ? undefined : this.hold(becomes);
    return this.#held(hold, () => this.client.patch<T>(this.resource, namespace, name, patch, how));
  }

  async delete(key: ObjectKey, options: DeleteOptions): Promise<'deleted' | 'gone'> {
    const { namespace, name } = splitKey(key);
    return this.client.delete(this.resource, namespace, name, options);
  }

  async #held(hold: Hold<T> | undefined, write: () => Promise<T>): Promise<T> {
    try {
      const written = await write();
      hold?.settle(written);
      return this.#remember(written);
    } finally {
      hold?.release();
    }
  }

  #remember(object: T): T {
    const kept = this.#transform(object);
    const key = keyOf(kept);
    if (!this.#isPast(kept)) this.#written.set(key, kept);
    return kept;
  }

  /** Whether the cache knows better than this write: it holds it or something newer, or has seen it go again. */
  #isPast(written: T): boolean {
    const cached = this.cache.get(keyOf(written));
    const seen = cached === undefined ? this.cache.resourceVersion : cached.metadata.resourceVersion;
    return isAtLeast(seen, written.metadata.resourceVersion);
  }
}

/** How {@link Side.patch} writes. */
export interface SidePatchOptions<T> {
  readonly type?: PatchType;
  readonly subresource?: string;
  /** What the object will ask for afterwards, where the patch can change that. */
  readonly becomes?: T;
}

/** Namespace and name of a key; cluster-scoped keys have no namespace. */
export function splitKey(key: ObjectKey): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
