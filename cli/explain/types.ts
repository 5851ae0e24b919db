import type { KubeObject } from '../../syncer/kube/types';

/** Where an object was given. */
export interface ManifestSource {
  /** As it was named, `-` for standard input. */
  readonly file: string;
  /** Number of the document in the file, from 1. */
  readonly document: number;
  /** Line at which the document begins, from 1. */
  readonly line: number;
  /** Where the object stands in its document, for objects in lists: `items[2]`. */
  readonly path?: string;
}

/** An object, and where it was given. */
export interface GivenObject {
  readonly source: ManifestSource;
  readonly object: KubeObject;
}

/** The names of an object. */
export interface NamedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * What becomes of an object.
 * - `copied`: the host gets {@link Explanation.hostObjects}.
 * - `virtualOnly`: nothing of it reaches the host.
 * - `waiting`: it reaches the host when something else is there.
 * - `refused`: it holds what may not reach the host.
 */
export type ExplainedOutcome = 'copied' | 'virtualOnly' | 'waiting' | 'refused';

/** A field that is not on the host as the tenant wrote it. */
export interface FieldOnTheWay {
  /** In the given object: `spec.template.spec.volumes[data].persistentVolumeClaim.claimName`. */
  readonly path: string;
  /** Absent where the tenant wrote nothing. */
  readonly from?: unknown;
  /** Absent where the host gets nothing. */
  readonly to?: unknown;
  readonly why: string;
  /** The option of the declaration that decides it, if one does. */
  readonly option?: string;
}

/** Why an object may not reach the host. */
export interface ExplainedRefusal {
  /** Empty where no single field is to blame. */
  readonly path: string;
  /** The rule, as the event on the object will name it: `FieldNotAllowed`. */
  readonly rule: string;
  /** What the tenant reads. */
  readonly message: string;
  /** The option of the declaration that decides it, if one does. */
  readonly option?: string;
}

/** What of an object reaches the host. */
export interface Explanation {
  readonly source: ManifestSource;
  readonly object: NamedObject;
  /** Where in the object that stands which is translated, for those whose pods or claims others make of a template. */
  readonly template?: string;
  readonly outcome: ExplainedOutcome;
  /** Why nothing, or nothing yet, reaches the host; and what becomes of an object of which only pods are made. */
  readonly reason?: string;
  /** The option of the declaration that would change the outcome, if one does. */
  readonly option?: string;
  /** What the host gets. Values that only the clusters decide stand in angle brackets. */
  readonly hostObjects: readonly KubeObject[];
  readonly rewritten: readonly FieldOnTheWay[];
  readonly dropped: readonly FieldOnTheWay[];
  readonly added: readonly FieldOnTheWay[];
  readonly refusals: readonly ExplainedRefusal[];
  /** Events that the tenant will see nevertheless. */
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
  /** What is taken to exist, though it is in none of the files. */
  readonly assumptions: readonly string[];
}
