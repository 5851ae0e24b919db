import { type CacheChange, type KubeObject, keyOf, type ObjectKey } from './types';

/** Index functions by name: each yields the values under which an object is found. */
export type Indexers<T> = { readonly [index: string]: (object: T) => readonly string[] };

/**
 * The objects of one kind, by key and by index. Changes come back as data: what a caller does with them is its own
 * business. Objects that did not change stay the same object, so that a fresh list costs no memory.
 */
export class ObjectStore<T extends KubeObject> {
  #objects = new Map<ObjectKey, T>();
  readonly #indexes = new Map<string, Map<string, Map<ObjectKey, T>>>();
  /** The answer of {@link list} until the next change. */
  #listed: readonly T[] | undefined;

  constructor(private readonly indexers: Indexers<T> = {}) {
    for (const index of Object.keys(indexers)) this.#indexes.set(index, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    this.#listed ??= [...this.#objects.values()];
    return this.#listed;
  }

  /** @throws TypeError when no index of that name exists */
  byIndex(index: string, value: string): readonly T[] {
    const values = this.#indexes.get(index);
    if (!values) throw new TypeError(`there is no index "${index}"`);
    return [...(values.get(value)?.values() ?? [])];
  }

  /** Takes in an object as the server sent it. Nothing changes when it is held already in that version. */
  put(object: T): readonly CacheChange<T>[] {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous && isSameVersion(previous, object)) return [];
    this.#set(key, object);
    return changesBetween(previous, object);
  }

  /** Takes out an object whose deletion the server reported, in its last state. */
  remove(object: T): readonly CacheChange<T>[] {
    const key = keyOf(object);
    if (!this.#objects.has(key)) return [];
    this.#unset(key);
    return [{ kind: 'deleted', previous: object, observed: true }];
  }

  /** Replaces everything by a complete list, at once. What the list lacks was deleted, but nobody saw it. */
  replace(objects: Iterable<T>): readonly CacheChange<T>[] {
    const fresh = new Map<ObjectKey, T>();
    for (const object of objects) fresh.set(keyOf(object), object);
    const deletions: CacheChange<T>[] = [];
    for (const [key, previous] of this.#objects) {
      if (fresh.has(key)) continue;
      this.#unset(key);
      deletions.push({ kind: 'deleted', previous, observed: false });
    }
    const others = [...fresh.values()].flatMap((object) => this.put(object));
    return [...deletions, ...others];
  }

  #set(key: ObjectKey, object: T): void {
    this.#unset(key);
    this.#objects.set(key, object);
    for (const [index, values] of this.#indexes) {
      for (const value of this.indexers[index]?.(object) ?? []) {
        const entries = values.get(value) ?? new Map<ObjectKey, T>();
        values.set(value, entries.set(key, object));
      }
    }
  }

  #unset(key: ObjectKey): void {
    this.#listed = undefined;
    const held = this.#objects.get(key);
    if (held === undefined) return;
    this.#objects.delete(key);
    for (const [index, values] of this.#indexes) {
      for (const value of this.indexers[index]?.(held) ?? []) {
        const entries = values.get(value);
        entries?.delete(key);
        if (entries?.size === 0) values.delete(value);
      }
    }
  }
}

function isSameVersion(one: KubeObject, other: KubeObject): boolean {
  const { uid, resourceVersion } = one.metadata;
  return (
    resourceVersion !== undefined && resourceVersion === other.metadata.resourceVersion && uid === other.metadata.uid
  );
}

/** A new object under an old name is no change of the old one: the old one is gone, unseen. */
function changesBetween<T extends KubeObject>(previous: T | undefined, object: T): readonly CacheChange<T>[] {
  if (previous === undefined) return [{ kind: 'added', object }];
  if (previous.metadata.uid === object.metadata.uid) return [{ kind: 'modified', object, previous }];
  return [
    { kind: 'deleted', previous, observed: false },
    { kind: 'added', object },
  ];
}
