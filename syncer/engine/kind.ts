import type { ApiError } from '../kube/api-error';
import type { KubeObject, Resource } from '../kube/types';
import type { Change, Reference, Translation } from './types';

/**
 * A kind that is copied to the host: declared here, done by {@link KindSyncer}. All functions are pure; they get from
 * their closure what else they must know.
 */
export interface SyncedKind<V extends KubeObject, H extends KubeObject> {
  readonly resource: Resource;
  /** Copy every object, or only those that some pod refers to. The latter are watched as metadata only. */
  readonly trigger: 'always' | 'referenced';
  /** The kind on the host, where it is another version of it. @default {@link resource} */
  readonly hostResource?: Resource;
  /** Of kinds with trigger `referenced`: objects that are copied though nothing names them. Asked of metadata alone. */
  wants?(virtual: V): boolean;
  /** Objects that a virtual object names: kinds with trigger `referenced` follow them. */
  references?(virtual: V): readonly Reference[];
  /** What the host must hold for a virtual object. */
  translate(virtual: V): Translation<H>;
  /** The writes that bring a host object to what {@link translate} wants; none when nothing differs. */
  changes(desired: H, current: H): readonly Change[];
  /** The writes that bring what the host decided (status, allocations) to the virtual object. Asked after our own writes. */
  back?(host: H, virtual: V): readonly Change[];
  /** The host object with what must be computed anew after a patch has changed it: hashes of its content. */
  sealed?(object: H): H;
  /** Patterns of the host's annotations that tenants see. @default - those that the declaration names for the kind */
  readonly shownAnnotations?: readonly string[];
  /** The writes that show a refusal, by its reason, in the virtual object's own status. @default none */
  whenRefused?(virtual: V, reason: string): readonly Change[];
  /** What to try instead when the host refuses an object, or a change of one; undefined if that is the last word. */
  createInstead?(desired: H, refusal: ApiError): H | undefined;
  /** Whether an object in the way is what a controller of the host left behind for this cluster, and may be replaced. */
  replaces?(existing: H): boolean;
}

/** What one reconcile did, for metrics and tests. */
export type Outcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'created' | 'patched' | 'deleted' }
  | { readonly kind: 'recreating'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'conflict'; readonly reason: string }
  /** The virtual object looks gone, but that can't be confirmed: the host object stays. */
  | { readonly kind: 'unconfirmed' };
