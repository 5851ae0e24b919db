import { hostNameOf } from '../../engine/placement';
import type { ClusterContext } from '../../engine/types';
import { isolationOf } from '../../isolation/rules';
import { STORAGE_ANNOTATIONS } from '../annotations';
import type { StorageClass } from '../types';

/** The storage classes that a virtual cluster has, and what stands for them on the host. */
export type StorageClasses =
  /** It has none: a claim names a class of the host, and one that names none gets the host's default. */
  | { readonly kind: 'of-the-host' }
  /** Classes of the host that are selected, under their own names. */
  | { readonly kind: 'shown'; list(): readonly StorageClass[] }
  /** The tenant's own, which are copied to the host. */
  | { readonly kind: 'own'; list(): readonly StorageClass[] };

/** Which class the host's copy of a claim gets. */
export type ClassChoice =
  /** `undefined`: the host's default. */
  | { readonly kind: 'class'; readonly name: string | undefined }
  /** The claim names none, and there is no default. */
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly name: string }
  /** The host has it perhaps, but not for this virtual cluster. `name` is absent where none is named. */
  | { readonly kind: 'denied'; readonly name: string | undefined };

/** The class on the host for a class that a claim names. */
export function chooseClass(wanted: string | undefined, classes: StorageClasses, ctx: ClusterContext): ClassChoice {
  if (classes.kind === 'of-the-host') return hostClass(wanted, ctx);
  const known = classes.list();
  const chosen = wanted ?? defaultClass(known)?.metadata.name;
  if (chosen === undefined) return { kind: 'none' };
  if (!known.some(({ metadata }) => metadata.name === chosen)) return { kind: 'missing', name: chosen };
  return { kind: 'class', name: classes.kind === 'own' ? hostNameOf(chosen, undefined, ctx) : chosen };
}

/** Without an offer the host's classes, and its default, are for everybody. */
function hostClass(wanted: string | undefined, ctx: ClusterContext): ClassChoice {
  const offer = isolationOf(ctx)?.classes.storage;
  if (offer === undefined) return { kind: 'class', name: wanted };
  const name = wanted ?? offer.default;
  return name !== undefined && offer.allowed.includes(name) ? { kind: 'class', name } : { kind: 'denied', name };
}

/** The class as the tenant knows it, for the class of a host claim; `undefined` when the tenant does not know it. */
export function virtualClassName(
  hostClass: string | undefined,
  classes: StorageClasses,
  ctx: ClusterContext,
): string | undefined {
  if (hostClass === undefined || classes.kind !== 'own') return hostClass;
  return classes.list().find(({ metadata }) => hostNameOf(metadata.name ?? '', undefined, ctx) === hostClass)?.metadata
    .name;
}

/**
 * The class for claims that name none: of several defaults the newest, of those of one second the first by name.
 * Source: `GetDefaultClass` in Kubernetes' `pkg/volume/util/storageclass.go`.
 */
export function defaultClass(classes: readonly StorageClass[]): StorageClass | undefined {
  return classes.filter(isDefault).sort(byAgeThenName)[0];
}

function isDefault({ metadata: { annotations = {} } }: StorageClass): boolean {
  const { defaultClass: key, betaDefaultClass } = STORAGE_ANNOTATIONS;
  return annotations[key] === 'true' || annotations[betaDefaultClass] === 'true';
}

function byAgeThenName({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  const [since, other] = [Date.parse(a.creationTimestamp ?? '') || 0, Date.parse(b.creationTimestamp ?? '') || 0];
  return other - since || ((a.name ?? '') < (b.name ?? '') ? -1 : 1);
}
