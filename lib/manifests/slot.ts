/** A Kubernetes object as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  /** `spec`, `data`, `rules`: whatever the kind has. */
  readonly [field: string]: unknown;
}

/** `metadata` of a {@link Manifest}. */
export interface ManifestMetadata {
  readonly name: string;
  /** Absent on cluster-scoped kinds. */
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

/** One object of a virtual cluster, under a name that stays the same whatever the declaration says. */
export interface Slot {
  /** `control-plane/statefulset`: constructs and Pulumi resources are called after it. */
  readonly slot: string;
  readonly object: Manifest;
}
