import { ANNOTATIONS, LABELS } from '../../lib/contract';
import { isImported } from '../engine/import-syncer';
import type { Outcome } from '../engine/kind';
import { applyChanges } from '../engine/kind-syncer';
import { ownership } from '../engine/ownership';
import { hostKeyOf } from '../engine/placement';
import type { Recorder } from '../engine/recorder';
import type { Side } from '../engine/side';
import type { Change, ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import type { KubeObject, ObjectKey, Resource } from '../kube/types';

/**
 * A cluster-scoped object that belongs to a namespaced one, as a volume does to its claim: the virtual cluster shows one
 * for each that the host has bound, made of what the host's claim says of it. Pure.
 */
export interface Companion<C extends KubeObject, V extends KubeObject> {
  /** The kind that is shown. */
  readonly resource: Resource;
  /** The name of what a host claim is bound to, `undefined` while it is not bound. */
  boundTo(host: C): string | undefined;
  /** What the virtual cluster must hold for a bound claim. Its mark is added to it. */
  show(name: string, host: C, virtual: C): V;
  /** Whether the tenant is just giving an object shown to another claim: it is left alone. @default never */
  isHandedOver?(shown: V): boolean;
  /** The virtual claim that an object shown belongs to. */
  claimOf(shown: V): ObjectKey | undefined;
  /** The writes that bring an object shown to what {@link show} wants; none when nothing differs. */
  changes(desired: V, current: V): readonly Change[];
  /**
   * What an object shown becomes when its claim is gone from the host, but what the claim was bound to is still there.
   * @default - it is removed
   */
  lingering?(name: string, shown: V): V | undefined;
  /** The writes without which an object shown can't be deleted. @default none */
  release?(current: V): readonly Change[];
}

/** What a {@link CompanionSyncer} works with. */
export interface CompanionDependencies<C extends KubeObject, V extends KubeObject> {
  readonly kind: Companion<C, V>;
  readonly context: ClusterContext;
  readonly shown: Side<V>;
  readonly claims: { readonly virtual: Side<C>; readonly host: Side<C> };
  /** The host claims that are bound to what bears this name. */
  claimsBoundTo(name: string): readonly C[];
  readonly recorder: Recorder;
}

/** Keeps what belongs to claims in step with them, and removes it when the host's claim is gone. */
export class CompanionSyncer<C extends KubeObject, V extends KubeObject> {
  constructor(private readonly deps: CompanionDependencies<C, V>) {}

  /**
   * Brings the object of this name in line.
   * @throws ApiError | SubletError when a request fails: the caller tries again
   */
  async reconcile(name: string, signal: AbortSignal): Promise<Outcome> {
    const { kind, context, shown, claims } = this.deps;
    const current = shown.get(name);
    if (current !== undefined && kind.isHandedOver?.(current)) return { kind: 'unchanged' };
    for (const host of this.deps.claimsBoundTo(name)) {
      const owner = ownership(host, context);
      if (owner.kind !== 'ours' || kind.boundTo(host) !== name) continue;
      const virtual = claims.virtual.get(owner.key);
      // Its claim is gone and the host's is going: until then the volume is there.
      if (virtual?.metadata.uid === undefined || virtual.metadata.uid !== owner.uid) return { kind: 'unchanged' };
      const desired = marked(kind.show(name, host, virtual), host);
      return current === undefined ? this.#create(name, desired) : this.#update(name, desired, current);
    }
    return current === undefined || !isImported(current) ? { kind: 'unchanged' } : this.#remove(name, current, signal);
  }

  async #create(name: string, desired: V): Promise<Outcome> {
    const { kind, shown } = this.deps;
    try {
      const created = await shown.create(desired);
      await applyChanges(shown, name, kind.changes(desired, created), created);
      return { kind: 'created' };
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
      const existing = await shown.fetch(name);
      if (existing === undefined) throw error;
      return this.#update(name, desired, existing);
    }
  }

  async #update(name: string, desired: V, current: V): Promise<Outcome> {
    const { kind, shown, recorder } = this.deps;
    if (!isImported(current)) {
      recorder.warn(kind.resource, current, 'NameTaken', TAKEN);
      return { kind: 'conflict', reason: 'NameTaken' };
    }
    const changes = kind.changes(desired, current);
    await applyChanges(shown, name, changes, current);
    return { kind: changes.length > 0 ? 'patched' : 'unchanged' };
  }

  /** No host claim in the cache is bound to it. Only when the host itself says so, it goes. */
  async #remove(name: string, current: V, signal: AbortSignal): Promise<Outcome> {
    const { kind, context, shown, claims } = this.deps;
    const { uid, deletionTimestamp } = current.metadata;
    if (!claims.host.cache.synced || !claims.host.cache.served) return { kind: 'unconfirmed' };
    const key = kind.claimOf(current);
    const found = key === undefined ? undefined : await claims.host.fetch(hostKeyOf(key, context), { signal });
    if (found !== undefined && kind.boundTo(found) === name) return { kind: 'unconfirmed' };
    const lingering = kind.lingering?.(name, current);
    if (lingering !== undefined) return this.#update(name, lingering, current);
    const release = kind.release?.(current) ?? [];
    await applyChanges(shown, name, release, current);
    if (uid === undefined || deletionTimestamp !== undefined) {
      return { kind: release.length > 0 ? 'patched' : 'unchanged' };
    }
    await shown.delete(name, { uid, propagationPolicy: 'Background' });
    return { kind: 'deleted' };
  }
}

function marked<V extends KubeObject>(object: V, host: KubeObject): V {
  const { name, labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...(name !== undefined && { name }),
      labels: { ...labels, [LABELS.imported]: 'true' },
      annotations: { ...annotations, [ANNOTATIONS.importedUid]: host.metadata.uid ?? '' },
    },
  };
}

const TAKEN =
  'A claim of this cluster is bound to something of this name on the host, but this object is in its place. Rename or delete it.';
