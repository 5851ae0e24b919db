import type { KubeObject, Resource } from '../kube/types';
import { keyOf } from '../kube/types';
import type { ImportedKind } from './imported-kind';
import type { SyncedKind } from './kind';
import type { Recorder } from './recorder';
import { splitKey } from './side';
import type { Translation } from './types';

/** Where an object is going. */
export type PatchDirection = 'toHost' | 'toVirtual';

/** What came of the patches of a kind. */
export type Patched<T> =
  | { readonly kind: 'object'; readonly object: T }
  /** It is not to be written. `message` is for the tenant. */
  | { readonly kind: 'failed'; readonly message: string };

/** The platform team's changes to objects on their way. */
export interface ObjectPatches {
  /** Whether there is one for this kind. */
  has(resource: Resource): boolean;
  /** The object as the patch of its kind and direction leaves it; as it is without one. */
  apply<T extends KubeObject>(
    resource: Resource,
    direction: PatchDirection,
    object: T,
    virtual: { readonly namespace?: string | undefined; readonly name: string },
  ): Patched<T>;
}

/** The reason of events about patches. */
export const PATCH_FAILED = 'PatchFailed';

/** A kind whose translations pass through its patches, and whose host objects do on the way back. */
export function patchedKind<V extends KubeObject, H extends KubeObject>(
  kind: SyncedKind<V, H>,
  patches: ObjectPatches | undefined,
  recorder: Recorder,
): SyncedKind<V, H> {
  if (patches === undefined || !patches.has(kind.resource)) return kind;
  const { resource } = kind;
  return {
    ...kind,
    translate(virtual) {
      const patched = patchedTranslation(kind.translate(virtual), resource, virtual, patches);
      if (patched.kind !== 'object' || kind.sealed === undefined) return patched;
      return { ...patched, object: kind.sealed(patched.object) };
    },
    back(host, virtual) {
      const patched = patches.apply(resource, 'toVirtual', host, identityOf(virtual));
      if (patched.kind === 'object') return kind.back?.(patched.object, virtual) ?? [];
      recorder.warn(resource, virtual, PATCH_FAILED, patched.message);
      return [];
    },
  };
}

/** A translation for the host as the patch of its kind leaves it. */
export function patchedTranslation<H extends KubeObject>(
  translation: Translation<H>,
  resource: Resource,
  virtual: KubeObject,
  patches: ObjectPatches | undefined,
): Translation<H> {
  if (patches === undefined || translation.kind !== 'object') return translation;
  const patched = patches.apply(resource, 'toHost', translation.object, identityOf(virtual));
  return patched.kind === 'object' ? { ...translation, object: patched.object } : refusal(patched.message);
}

/** A kind of the host that passes through its patch before it is shown. */
export function patchedImport<H extends KubeObject, V extends KubeObject>(
  kind: ImportedKind<H, V>,
  patches: ObjectPatches | undefined,
): ImportedKind<H, V> {
  if (patches === undefined || !patches.has(kind.resource)) return kind;
  return {
    resource: kind.resource,
    virtualKeyOf: (key) => kind.virtualKeyOf(key),
    hostKeyOf: (key) => kind.hostKeyOf(key),
    changes: (desired, current) => kind.changes(desired, current),
    translate(host) {
      const translation = kind.translate(host);
      const key = kind.virtualKeyOf(keyOf(host));
      if (translation.kind !== 'object' || key === undefined) return translation;
      const patched = patches.apply(kind.resource, 'toVirtual', translation.object, splitKey(key));
      return patched.kind === 'object' ? { ...translation, object: patched.object } : refusal(patched.message);
    },
  };
}

/** By what a patch is told of which object it works on. */
export function identityOf({ metadata: { namespace, name = '' } }: KubeObject) {
  return { namespace, name };
}

function refusal<H extends KubeObject>(message: string): Translation<H> {
  return { kind: 'refused', reason: PATCH_FAILED, field: '', message };
}
