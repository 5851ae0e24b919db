/** What the syncer may do with one kind of object. */
export interface Right {
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly Verb[];
  /** Only objects of these names. @default - any */
  readonly names?: readonly string[];
}

/** A verb of Kubernetes' authorization. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** The rights that one feature takes on the host. */
export interface Rights {
  /** In the host namespace of the virtual cluster. */
  readonly namespaced?: readonly Right[];
  /** In the whole host cluster: only what is cluster-scoped, or lies in namespaces that are not known beforehand. */
  readonly clusterWide?: readonly Right[];
  /** In further host namespaces that are named in the declaration. */
  readonly inNamespaces?: { readonly [namespace: string]: readonly Right[] };
}

/** Verbs of what is only followed. */
export const FOLLOW = ['list', 'watch'] as const satisfies readonly Verb[];

/** Verbs of what is only looked at: one object is read anew before anything follows from its absence. */
export const READ = ['get', ...FOLLOW] as const satisfies readonly Verb[];

/** Verbs of what is copied to the host. */
export const SYNC = [...READ, 'create', 'patch', 'delete'] as const satisfies readonly Verb[];
