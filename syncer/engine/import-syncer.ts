import { ANNOTATIONS, LABELS } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import type { KubeObject, ObjectKey } from '../kube/types';
import type { ImportSource } from './import-source';
import type { ImportedKind } from './imported-kind';
import type { Outcome } from './kind';
import { applyChanges } from './kind-syncer';
import type { Recorder } from './recorder';
import { type Side, splitKey } from './side';

/** What an {@link ImportSyncer} works with. */
export interface ImportSyncerDependencies<H extends KubeObject, V extends KubeObject> {
  readonly kind: ImportedKind<H, V>;
  readonly host: ImportSource<H>;
  readonly virtual: Side<V>;
  readonly recorder: Recorder;
  /** Makes sure that a virtual namespace exists. */
  ensureNamespace(name: string): Promise<void>;
}

/**
 * Shows host objects in the virtual cluster. What is shown carries a mark: an object of the tenant's that has its name
 * is left alone. The host's word counts; what a tenant changes in a shown object is put back.
 */
export class ImportSyncer<H extends KubeObject, V extends KubeObject> {
  constructor(private readonly deps: ImportSyncerDependencies<H, V>) {}

  /**
   * Brings the virtual object of this key in line with the host's.
   * @throws ApiError | SubletError when a request fails: the caller tries again
   */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    const { kind, host, virtual } = this.deps;
    const hostKey = kind.hostKeyOf(key);
    const source = hostKey === undefined ? undefined : host.get(hostKey);
    const current = virtual.get(key);
    if (source === undefined) return this.#remove(key, hostKey, current, signal);
    const translation = kind.translate(source);
    switch (translation.kind) {
      case 'wait':
        return { kind: 'waiting', reason: translation.reason };
      case 'skip':
        return current === undefined || !isImported(current) ? { kind: 'unchanged' } : this.#delete(key, current);
      case 'refused':
        if (current !== undefined && isImported(current))
          this.deps.recorder.warn(kind.resource, current, translation.reason, translation.message);
        return { kind: 'refused', reason: translation.reason };
      case 'object': {
        const desired = marked(translation.object, source, key);
        return current === undefined ? this.#create(key, desired) : this.#update(key, desired, current);
      }
    }
  }

  async #create(key: ObjectKey, desired: V): Promise<Outcome> {
    const { virtual, ensureNamespace } = this.deps;
    const { namespace } = desired.metadata;
    if (namespace !== undefined) await ensureNamespace(namespace);
    try {
      await virtual.create(desired);
      return { kind: 'created' };
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
      const existing = await virtual.fetch(key);
      if (existing === undefined) throw error;
      return this.#update(key, desired, existing);
    }
  }

  async #update(key: ObjectKey, desired: V, current: V): Promise<Outcome> {
    const { kind, virtual, recorder } = this.deps;
    if (!isImported(current)) {
      recorder.warn(kind.resource, current, 'NameTaken', TAKEN);
      return { kind: 'conflict', reason: 'NameTaken' };
    }
    const changes = kind.changes(desired, current);
    const recreate = changes.find((change) => change.kind === 'recreate');
    if (recreate?.kind === 'recreate') {
      await this.#delete(key, current);
      return { kind: 'recreating', reason: recreate.reason };
    }
    await applyChanges(virtual, key, changes, current);
    return { kind: changes.length > 0 ? 'patched' : 'unchanged' };
  }

  /** The host object is not in the cache. Only when the host itself says that it is gone, what showed it goes too. */
  async #remove(
    key: ObjectKey,
    hostKey: ObjectKey | undefined,
    current: V | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { host } = this.deps;
    if (current === undefined || !isImported(current)) return { kind: 'unchanged' };
    if (hostKey !== undefined) {
      if (!host.isComplete(hostKey)) return { kind: 'unconfirmed' };
      if ((await host.fetch(hostKey, { signal })) !== undefined) return { kind: 'unconfirmed' };
    }
    return this.#delete(key, current);
  }

  async #delete(key: ObjectKey, { metadata: { uid, deletionTimestamp } }: V): Promise<Outcome> {
    if (uid === undefined || deletionTimestamp !== undefined) return { kind: 'unchanged' };
    await this.deps.virtual.delete(key, { uid, propagationPolicy: 'Background' });
    return { kind: 'deleted' };
  }
}

/** Whether a virtual object is one that shows an object of the host. */
export function isImported({ metadata: { labels = {}, annotations = {} } }: KubeObject): boolean {
  return labels[LABELS.imported] === 'true' && annotations[ANNOTATIONS.importedUid] !== undefined;
}

const TAKEN =
  'The host cluster shows an object under this name here, but this one is in its place. Rename or delete it.';

function marked<V extends KubeObject>(object: V, source: KubeObject, key: ObjectKey): V {
  const { namespace, name } = splitKey(key);
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...(namespace === undefined ? {} : { namespace }),
      name,
      labels: { ...labels, [LABELS.imported]: 'true' },
      annotations: { ...annotations, [ANNOTATIONS.importedUid]: source.metadata.uid ?? '' },
    },
  };
}

/** The name under which logs and metrics know the import of a kind. */
export function importName(plural: string): string {
  return `${plural}-from-host`;
}
