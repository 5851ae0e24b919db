import { isDeepStrictEqual } from 'node:util';
import { ANNOTATIONS } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import type { KubeObject, ObjectKey } from '../kube/types';
import { keyOf } from '../kube/types';
import type { AbsenceGuard } from './absence';
import { isFresh } from './admitted';
import { annotationsToVirtual } from './host-annotations';
import { NoRoom, QUOTA_EXCEEDED } from './host-gate';
import type { Outcome, SyncedKind } from './kind';
import { belongsTo, ownership } from './ownership';
import { hostKeyOf, placing } from './placement';
import type { Recorder } from './recorder';
import type { ReferenceIndex } from './references';
import type { Side } from './side';
import { problemNote } from './sync-problem';
import { refusalOfHost } from './tenant-text';
import type { Change, ClusterContext } from './types';

/** What a {@link KindSyncer} works with. */
export interface KindSyncerDependencies<V extends KubeObject, H extends KubeObject> {
  readonly kind: SyncedKind<V, H>;
  readonly context: ClusterContext;
  readonly virtual: Side<V>;
  readonly host: Side<H>;
  readonly absence: AbsenceGuard;
  readonly references: ReferenceIndex;
  readonly recorder: Recorder;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Brings the host objects of one kind in line with the virtual ones, one key at a time. */
export class KindSyncer<V extends KubeObject, H extends KubeObject> {
  /** Referenced kinds: the versions that were last found or made equal, so that an echo of our own write costs no request. */
  readonly #settled = new Map<ObjectKey, string>();

  constructor(private readonly deps: KindSyncerDependencies<V, H>) {}

  /** The key of the virtual object that a host object stands for, undefined if it is not of this cluster. */
  virtualKeyOf(host: H): ObjectKey | undefined {
    const owner = ownership(host, this.deps.context);
    return owner.kind === 'ours' ? owner.key : undefined;
  }

  /** The key under which the host holds the copy of a virtual object. */
  hostKeyOf(key: ObjectKey): ObjectKey {
    return hostKeyOf(key, this.deps.context, this.deps.kind.resource.kind);
  }

  /**
   * Brings both sides of one object in line.
   * @throws ApiError | SubletError when a request fails: the caller tries again
   */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    const { kind, virtual, host, references } = this.deps;
    const known = virtual.get(key);
    const current = host.get(this.hostKeyOf(key));
    if (known === undefined) return this.#removeOrphan(key, current, signal);
    const when = placing(known.metadata.namespace, this.deps.context);
    if (when === 'later') return { kind: 'waiting', reason: 'its namespace is not on the host yet' };
    if (when === 'never') return this.#remove(key, current);
    if (kind.trigger === 'always') return this.#bring(key, known, current);

    const isWanted = references.isReferenced(kind.resource, key) || kind.wants?.(known) === true;
    if (!isWanted) return this.#remove(key, current);
    const versions = versionsOf(known, current, this.deps.context);
    if (current !== undefined && this.#settled.get(key) === versions) return { kind: 'unchanged' };
    const whole = await virtual.fetch(key, { signal });
    if (whole === undefined) return { kind: 'unchanged' };
    return this.#bring(key, whole, current);
  }

  async #bring(key: ObjectKey, virtual: V, current: H | undefined): Promise<Outcome> {
    const { kind, recorder } = this.deps;
    const translation = kind.translate(virtual);
    if ('warnings' in translation) {
      for (const { reason, message } of translation.warnings ?? []) {
        recorder.warn(kind.resource, virtual, reason, message);
      }
    }
    switch (translation.kind) {
      case 'wait':
        return { kind: 'waiting', reason: translation.reason };
      case 'skip':
        await this.#clear(virtual);
        return this.#remove(key, current);
      case 'refused': {
        await this.#note(virtual, translation.reason, translation.message);
        const shown = kind.whenRefused?.(virtual, translation.reason) ?? [];
        await applyChanges(this.deps.virtual, keyOf(virtual), shown, virtual);
        return { kind: 'refused', reason: translation.reason };
      }
      case 'object':
        return this.#fit(virtual, translation.object, current);
    }
  }

  async #fit(virtual: V, desired: H, current: H | undefined): Promise<Outcome> {
    try {
      return await (current === undefined ? this.#create(virtual, desired) : this.#update(virtual, desired, current));
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      await this.#note(virtual, QUOTA_EXCEEDED, error.message);
      return { kind: 'refused', reason: QUOTA_EXCEEDED };
    }
  }

  async #create(virtual: V, desired: H): Promise<Outcome> {
    const { host } = this.deps;
    let created: H;
    try {
      created = await this.#createOrInstead(desired);
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw await this.#told(virtual, error);
      const existing = await host.fetch(keyOf(desired));
      return existing === undefined ? this.#create(virtual, desired) : this.#update(virtual, desired, existing);
    }
    this.#settle(virtual, created);
    await this.#clear(virtual);
    await this.#bringBack(virtual, created);
    return { kind: 'created' };
  }

  async #createOrInstead(desired: H): Promise<H> {
    const { kind, host } = this.deps;
    try {
      return await host.create(desired);
    } catch (error) {
      const instead = error instanceof ApiError ? kind.createInstead?.(desired, error) : undefined;
      if (instead === undefined) throw error;
      return host.create(instead);
    }
  }

  async #update(virtual: V, desired: H, current: H): Promise<Outcome> {
    const { kind, context, absence } = this.deps;
    const relation = belongsTo(current, virtual, context);
    switch (relation) {
      case 'foreign':
      case 'other': {
        if (kind.replaces?.(current)) {
          await this.#delete(current);
          return this.#create(virtual, desired);
        }
        const reason = relation === 'foreign' ? 'NameTaken' : 'NameCollision';
        await this.#note(virtual, reason, CONFLICT_MESSAGES[relation]);
        return { kind: 'conflict', reason };
      }
      case 'previous': {
        if (absence.brake !== undefined) return { kind: 'unconfirmed' };
        await this.#delete(current);
        return { kind: 'recreating', reason: 'the virtual object was replaced by another of the same name' };
      }
      case 'same': {
        const changes = kind.changes(desired, current);
        const recreate = changes.find((change) => change.kind === 'recreate');
        if (recreate?.kind === 'recreate') {
          await this.#delete(current);
          return { kind: 'recreating', reason: recreate.reason };
        }
        const latest = await this.#change(virtual, desired, changes, current);
        const left = changes.length === 0 ? [] : kind.changes(desired, latest);
        // More is left than the host refused to take: somebody changed it in the meantime, and the watch brings that.
        if (left.length === 0 || isDeepStrictEqual(left, changes)) this.#settle(virtual, latest);
        await this.#clear(virtual);
        const wroteBack = await this.#bringBack(virtual, latest);
        return { kind: changes.length > 0 || wroteBack ? 'patched' : 'unchanged' };
      }
    }
  }

  /** Notes that these two are in line. */
  #settle(virtual: V, host: H): void {
    const { kind, context } = this.deps;
    if (kind.trigger === 'referenced') this.#settled.set(keyOf(virtual), versionsOf(virtual, host, context));
  }

  /** Writes changes to the host. What the host does not accept it has decided: the virtual object then gets its answer. */
  async #change(virtual: V, desired: H, changes: readonly Change[], current: H): Promise<H> {
    const { kind, host } = this.deps;
    try {
      return await applyChanges(host, keyOf(current), changes, current, desired);
    } catch (error) {
      const instead = error instanceof ApiError ? kind.createInstead?.(desired, error) : undefined;
      if (instead !== undefined)
        return applyChanges(host, keyOf(current), kind.changes(instead, current), current, instead);
      const yields =
        error instanceof ApiError && error.status === 422 && (kind.back?.(current, virtual) ?? []).length > 0;
      if (yields) return current;
      throw await this.#told(virtual, error);
    }
  }

  /** Tells the tenant that the host refused an object for what is in it, or for want of quota. Returns the error. */
  async #told(virtual: V, error: unknown): Promise<unknown> {
    if (error instanceof ApiError && (error.status === 403 || error.status === 422))
      await this.#note(virtual, ...refusalOfHost(error, virtual, this.deps.context));
    return error;
  }

  /** Tells the tenant by an event and on the object itself what keeps it from the host. */
  async #note(virtual: V, reason: string, message: string): Promise<void> {
    const { kind, recorder } = this.deps;
    recorder.warn(kind.resource, virtual, reason, message);
    await this.#write(virtual, problemNote(virtual, `${reason}: ${message}`));
  }

  /** Takes back what {@link #note} has noted: the object is on the host as it stands. */
  async #clear(virtual: V): Promise<void> {
    await this.#write(virtual, problemNote(virtual, undefined));
  }

  async #write(virtual: V, note: Change | undefined): Promise<void> {
    if (note !== undefined) await applyChanges(this.deps.virtual, keyOf(virtual), [note], virtual);
  }

  /** Writes back what the host decided; tells whether there was anything. */
  async #bringBack(virtual: V, host: H): Promise<boolean> {
    const { kind, context } = this.deps;
    const annotations = annotationsToVirtual(host, virtual, kind.resource.kind, context, kind.shownAnnotations);
    const changes = [...(kind.back?.(host, virtual) ?? []), ...(annotations === undefined ? [] : [annotations])];
    await applyChanges(this.deps.virtual, keyOf(virtual), changes, virtual);
    return changes.length > 0;
  }

  /** The virtual object is not in the cache: the host copy goes only when it is certain that it was deleted. */
  async #removeOrphan(key: ObjectKey, current: H | undefined, signal: AbortSignal): Promise<Outcome> {
    this.#settled.delete(key);
    const { absence, virtual, context } = this.deps;
    if (current === undefined) {
      absence.settle(virtual.cache, key);
      return { kind: 'unchanged' };
    }
    const owner = ownership(current, context);
    if (owner.kind !== 'ours' || owner.key !== key) return { kind: 'unchanged' };
    if (owner.uid === undefined && isFresh(current, this.deps.now())) return { kind: 'unconfirmed' };
    if (!(await absence.isGone(virtual.cache, key, owner.uid, signal))) return { kind: 'unconfirmed' };
    await this.#delete(current);
    absence.settle(virtual.cache, key);
    return { kind: 'deleted' };
  }

  /** The virtual object exists but belongs on the host no longer. */
  async #remove(key: ObjectKey, current: H | undefined): Promise<Outcome> {
    this.#settled.delete(key);
    if (current === undefined || this.virtualKeyOf(current) !== key) return { kind: 'unchanged' };
    if (current.metadata.deletionTimestamp !== undefined) return { kind: 'unchanged' };
    // Admission made it for a change that the cache has not seen yet.
    if (isFresh(current, this.deps.now())) return { kind: 'unconfirmed' };
    await this.#delete(current);
    return { kind: 'deleted' };
  }

  async #delete(current: H): Promise<void> {
    const { uid, deletionTimestamp } = current.metadata;
    if (uid === undefined || deletionTimestamp !== undefined) return;
    await this.deps.host.delete(keyOf(current), { uid, propagationPolicy: 'Background' });
  }
}

/**
 * Applies changes one after the other; the result is the object as the last write left it.
 * @param becomes what the object will ask of the host afterwards, where the changes can change that
 * @throws NoRoom
 */
export async function applyChanges<T extends KubeObject>(
  side: Side<T>,
  key: ObjectKey,
  changes: readonly Change[],
  current: T,
  becomes?: T,
): Promise<T> {
  let latest = current;
  for (const change of changes) {
    if (change.kind === 'recreate') continue;
    const { patch, type, subresource } = change;
    const asks = subresource === undefined || subresource === 'resize';
    const how = { ...(type && { type }), ...(subresource && { subresource }), ...(asks && becomes && { becomes }) };
    latest = await side.patch(key, patch, how);
  }
  return latest;
}

const CONFLICT_MESSAGES = {
  foreign:
    'An object that does not belong to this cluster has the name that this object would get. Rename this object.',
  other: 'Another object of this cluster already uses the name that this object would get. Rename this object.',
} as const;

function versionsOf(virtual: KubeObject, host: KubeObject | undefined, context: ClusterContext): string {
  const { uid, resourceVersion, namespace = '' } = virtual.metadata;
  const hash = host?.metadata.annotations?.[ANNOTATIONS.contentHash];
  const showsNamespace = context.sections.sync.namespaceLabels.alsoOn.length > 0;
  const labels = showsNamespace ? context.labelsOfNamespace?.(namespace) : undefined;
  return [uid, resourceVersion, host?.metadata.resourceVersion, hash, JSON.stringify(labels)].join('/');
}
