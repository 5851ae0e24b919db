import { pause } from '../../../syncer/kube/abort';
import { type Indexers, ObjectStore } from '../../../syncer/kube/store';
import type { Cache, CacheChange, KubeObject, ListResult, ObjectKey, Resource } from '../../../syncer/kube/types';

/** Any object, as an API server stores it. */
export type Stored = KubeObject & { readonly [field: string]: unknown };

/** The cache of one kind in a `MemoryApi`. Its watch brings every change at once, or, while it lags, when it goes on. */
export class MemoryCache<T extends KubeObject> implements Cache<T> {
  synced = false;
  served = true;
  resourceVersion = '';
  readonly #store: ObjectStore<T>;
  readonly #listeners = new Set<(change: CacheChange<T>) => void>();
  readonly #transform: (object: T) => T;
  #pending: (() => void)[] | undefined;

  constructor(
    readonly resource: Resource,
    private readonly read: () => ListResult<Stored>,
    { indexers, transform }: { indexers?: Indexers<T>; transform?: (object: T) => T },
  ) {
    this.#store = new ObjectStore(indexers);
    this.#transform = transform ?? ((object) => object);
  }

  get(key: ObjectKey): T | undefined {
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

  async waitForSync(signal: AbortSignal): Promise<void> {
    while (!this.synced) {
      await pause(1, signal);
      signal.throwIfAborted();
    }
  }

  /** From now on changes are held back until {@link catchUp}. */
  lag(): void {
    this.#pending ??= [];
  }

  /** Takes in what came while the cache lagged. */
  catchUp(): void {
    const pending = this.#pending ?? [];
    this.#pending = undefined;
    for (const take of pending) take();
  }

  /** Takes in a complete list, as after a watch that broke: deletions of that time were not observed. */
  relist(): void {
    this.#pending = undefined;
    const { items, resourceVersion } = this.read();
    const changes = this.#store.replace(items.map((object) => this.#kept(object)));
    this.resourceVersion = resourceVersion;
    this.synced = true;
    this.#tell(changes);
  }

  /** One event of the watch. A cache that has not listed yet watches nothing. */
  receive(kind: 'put' | 'remove', object: Stored): void {
    const kept = this.#kept(object);
    const take = () => {
      if (!this.synced) return;
      const changes = this.#store[kind](kept);
      this.resourceVersion = object.metadata.resourceVersion ?? this.resourceVersion;
      this.#tell(changes);
    };
    if (this.#pending === undefined) take();
    else this.#pending.push(take);
  }

  #kept(object: Stored): T {
    // A test asks for the kind that it has put there.
    return this.#transform(structuredClone(object) as KubeObject as T);
  }

  #tell(changes: readonly CacheChange<T>[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}
