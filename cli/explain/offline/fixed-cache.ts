import { type Indexers, ObjectStore } from '../../../syncer/kube/store';
import type { Cache, KubeObject, ObjectKey, Resource } from '../../../syncer/kube/types';

/** A cache that holds given objects and never changes. */
export class FixedCache<T extends KubeObject> implements Cache<T> {
  readonly synced = true;
  readonly served = true;
  readonly resourceVersion = '1';
  readonly #store: ObjectStore<T>;

  constructor(
    readonly resource: Resource,
    objects: readonly T[],
    indexers: Indexers<T> = {},
  ) {
    this.#store = new ObjectStore(indexers);
    this.#store.replace(objects);
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

  subscribe(): () => void {
    return () => {};
  }

  async waitForSync(): Promise<void> {}
}
