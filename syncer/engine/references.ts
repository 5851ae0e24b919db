import type { ObjectKey, Resource } from '../kube/types';
import type { Reference } from './types';

/**
 * Who refers to what: kinds that are synced "only when referenced" follow it. A referent is named by its kind and key,
 * a referrer by any id of its own.
 */
export class ReferenceIndex {
  readonly #byReferrer = new Map<string, ReadonlySet<string>>();
  readonly #byReferent = new Map<string, Set<string>>();
  readonly #listeners = new Map<string, (key: ObjectKey) => void>();

  /** Calls back whenever an object of this kind becomes referenced, or stops being so. */
  onChange(resource: Resource, listener: (key: ObjectKey) => void): void {
    this.#listeners.set(kindOf(resource), listener);
  }

  /** Replaces what `referrer`, in `namespace`, refers to. An empty list forgets it. */
  set(referrer: string, namespace: string, references: readonly Reference[]): void {
    const before = this.#byReferrer.get(referrer) ?? EMPTY;
    const after = new Set(
      references.map((one) => referentId(one.resource, `${one.namespace ?? namespace}/${one.name}`)),
    );
    if (after.size > 0) this.#byReferrer.set(referrer, after);
    else this.#byReferrer.delete(referrer);
    for (const id of after) if (!before.has(id)) this.#add(id, referrer);
    for (const id of before) if (!after.has(id)) this.#remove(id, referrer);
  }

  isReferenced(resource: Resource, key: ObjectKey): boolean {
    return this.#byReferent.has(referentId(resource, key));
  }

  /** Ids of all who refer to an object. */
  referrers(resource: Resource, key: ObjectKey): readonly string[] {
    return [...(this.#byReferent.get(referentId(resource, key)) ?? [])];
  }

  #add(id: string, referrer: string): void {
    const referrers = this.#byReferent.get(id);
    if (referrers !== undefined) {
      referrers.add(referrer);
      return;
    }
    this.#byReferent.set(id, new Set([referrer]));
    this.#notify(id);
  }

  #remove(id: string, referrer: string): void {
    const referrers = this.#byReferent.get(id);
    if (referrers === undefined || !referrers.delete(referrer) || referrers.size > 0) return;
    this.#byReferent.delete(id);
    this.#notify(id);
  }

  #notify(id: string): void {
    const space = id.indexOf(' ');
    this.#listeners.get(id.slice(0, space))?.(id.slice(space + 1));
  }
}

const EMPTY: ReadonlySet<string> = new Set();

function kindOf(resource: Resource): string {
  return `${resource.plural}.${resource.group}`;
}

function referentId(resource: Resource, key: ObjectKey): string {
  return `${kindOf(resource)} ${key}`;
}
