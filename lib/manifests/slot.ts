/** A Kubernetes object as it is applied. */
export interface Manifest {
  /** Group and version of the kind: `apps/v1`. */
  readonly apiVersion: string;
  /** Kind: `StatefulSet`. */
  readonly kind: string;
  /** Name, namespace and what is attached. */
  readonly metadata: ManifestMetadata;
  /** `spec`, `data`, `rules`: whatever the kind has. */
  readonly [field: string]: unknown;
}

/** `metadata` of a {@link Manifest}. */
export interface ManifestMetadata {
  /** Name on the host. */
  readonly name: string;
  /** Absent on cluster-scoped kinds. */
  readonly namespace?: string;
  /** Labels. */
  readonly labels?: { readonly [key: string]: string };
  /** Annotations. */
  readonly annotations?: { readonly [key: string]: string };
}

/** One object of a virtual cluster, under a name that stays the same whatever the declaration says. */
export interface Slot {
  /** `control-plane/statefulset`: constructs and Pulumi resources are called after it. */
  readonly slot: string;
  /** The object itself. */
  readonly object: Manifest;
}
