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
  ) {
    this.#transform = transform;
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

  async create(object: T): Promise<T> {
    return this.#remember(await this.client.create(this.resource, object.metadata.namespace, object));
  }

  async patch(key: ObjectKey, patch: object, options: { type?: PatchType; subresource?: string } = {}): Promise<T> {
    const { namespace, name } = splitKey(key);
    return this.#remember(await this.client.patch<T>(this.resource, namespace, name, patch, options));
  }

  async delete(key: ObjectKey, options: DeleteOptions): Promise<'deleted' | 'gone'> {
    const { namespace, name } = splitKey(key);
    return this.client.delete(this.resource, namespace, name, options);
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

/** Namespace and name of a key; cluster-scoped keys have no namespace. */
export function splitKey(key: ObjectKey): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
