import type { Manifest, ManifestMetadata } from '../slot';

/** What a change does, the gravest first. */
export const EFFECTS = ['dataLoss', 'recreate', 'restart', 'liveChange', 'create', 'delete', 'none'] as const;

/**
 * What a change does to what runs.
 * - `dataLoss`: what the virtual cluster holds is lost, or stays behind where nothing reads it any more.
 * - `recreate`: Kubernetes lets nobody change the field, so that the object must be deleted and made anew.
 * - `restart`: the control plane's pod starts anew, or has to, so that the change takes effect.
 * - `liveChange`: it takes effect while everything runs on.
 * - `create`, `delete`: the object is made, or is no longer declared.
 * - `none`: nothing differs.
 */
export type Effect = (typeof EFFECTS)[number];

/** The names of an object. */
export interface PlannedObject {
  /** Group and version of the kind: `apps/v1`. */
  readonly apiVersion: string;
  /** Kind: `StatefulSet`. */
  readonly kind: string;
  /** Absent on cluster-scoped kinds. */
  readonly namespace?: string;
  /** Name on the host. */
  readonly name: string;
}

/** One field that differs. */
export interface FieldChange {
  /** `spec.template.spec.containers[syncer].image`: elements of lists go by their names where they have any. */
  readonly path: string;
  /** Absent where nothing was there. */
  readonly from?: unknown;
  /** Absent where nothing will be there. */
  readonly to?: unknown;
  /** What the change of this field does. */
  readonly effect: Effect;
  /** Why the effect is what it is. */
  readonly why: string;
}

/** One object, and what becomes of it. */
export interface PlannedChange {
  /** Which object. */
  readonly object: PlannedObject;
  /** The gravest of the fields' effects, or that of making or deleting the object. */
  readonly effect: Effect;
  /** Why the effect is what it is. */
  readonly why: string;
  /** Empty for objects that are made, deleted or left as they are. */
  readonly fields: readonly FieldChange[];
}

/** The difference between what is declared and what is there. */
export interface Plan {
  /** Every object, the gravest effect first. */
  readonly changes: readonly PlannedChange[];
  /** How many objects have each effect. */
  readonly summary: { readonly [effect in Effect]: number };
}

/** An object as an API server holds it, or as an earlier declaration rendered it. */
export interface CurrentManifest extends Manifest {
  /** Names and what is attached; of running objects also who has set which fields. */
  readonly metadata: ManifestMetadata & { readonly managedFields?: readonly ManagedFields[] };
}

/** Which fields of an object somebody has set: one entry of `metadata.managedFields`. */
export interface ManagedFields {
  /** Who has set them: `sublet`, `kubectl`. */
  readonly manager?: string;
  /** `Apply` or `Update`. */
  readonly operation?: string;
  /** Absent where the object itself was written. */
  readonly subresource?: string;
  /** The fields. */
  readonly fieldsV1?: FieldTree;
}

/** `fieldsV1`: members are `f:<field>`, `k:<keys as JSON>` for list elements, `v:<value>` and `.` for the thing itself. */
export interface FieldTree {
  readonly [member: string]: FieldTree;
}

/** What {@link planChanges} compares with. */
export interface PlanOptions {
  /**
   * Where the current objects come from. Of running objects only what is declared counts, now or when it was last
   * applied: what the API server or anybody else has added is no difference.
   * @default 'running'
   */
  readonly current?: 'running' | 'declared';
  /**
   * Who applied the running objects: fields of this manager that are declared no more will go.
   * @default 'sublet'
   */
  readonly fieldManager?: string;
}
