/** A value as JSON carries it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Reference from a dependent object to its owner. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** `metadata` of any Kubernetes object, as far as the syncer reads it. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** Any Kubernetes object. Kinds extend it with the fields that the syncer reads. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** A kind as its API path names it. */
export interface Resource {
  /** API group, empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** How a patch is to be applied; the value is its content type. */
export type PatchType =
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/json-patch+json'
  | 'application/apply-patch+yaml';

/** Options of a deletion. */
export interface DeleteOptions {
  /** Delete only the object with this UID: another of the same name stays. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** Options that every request takes. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the request fails. @default 30000 */
  readonly timeoutMs?: number;
}

/** One page, or all, of a list. */
export interface ListResult<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** What a list or watch asks for. */
export interface ListQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Ask for `metadata` only (PartialObjectMetadata). @default false */
  readonly metadataOnly?: boolean;
}

/**
 * A thin client for one API server: unstructured objects, one keep-alive connection pool, no model classes.
 * Every method throws {@link ApiError} when the server refuses, and `SubletError` `API_UNREACHABLE` when it can't be reached.
 */
export interface KubeClient {
  /** The object, or `undefined` when the server itself says that there is none (404 of the object, never of the kind). */
  get<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options?: RequestOptions,
  ): Promise<T | undefined>;
  /** All objects, page by page, from a consistent read. */
  list<T extends KubeObject>(resource: Resource, query: ListQuery, options?: RequestOptions): Promise<ListResult<T>>;
  create<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    object: T,
    options?: RequestOptions & { readonly dryRun?: boolean },
  ): Promise<T>;
  /** Replaces an object; its `metadata.resourceVersion` guards against lost updates. */
  update<T extends KubeObject>(
    resource: Resource,
    object: T,
    options?: RequestOptions & { readonly subresource?: string },
  ): Promise<T>;
  patch<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options?: RequestOptions & {
      readonly type?: PatchType;
      readonly subresource?: string;
      readonly fieldManager?: string;
      readonly force?: boolean;
    },
  ): Promise<T>;
  /** Deletes an object. `gone`: there was none, or (with `uid`) only another one of the same name. */
  delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions & RequestOptions,
  ): Promise<'deleted' | 'gone'>;
  /** Posts to a subresource that is no kind of its own (`pods/binding`, `serviceaccounts/token`). */
  post<T>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: unknown,
    options?: RequestOptions,
  ): Promise<T>;
  /** A GET of any path (`/version`, `/readyz`, …), parsed when it is JSON, else as text. */
  raw(path: string, options?: RequestOptions): Promise<unknown>;
  /**
   * A watch as a stream of events, until the server ends it, an error ends it or `signal` aborts it. `onOpen` is called
   * once the server has accepted it, which a quiet watch does not show otherwise.
   */
  watch<T extends KubeObject>(
    resource: Resource,
    query: WatchQuery,
    options: { readonly signal: AbortSignal; readonly onOpen?: () => void },
  ): AsyncIterable<WatchEvent<T>>;
}

/** What a watch asks for, beyond {@link ListQuery}. */
export interface WatchQuery extends ListQuery {
  readonly resourceVersion?: string;
  /** Seconds after which the server ends the watch. */
  readonly timeoutSeconds: number;
  /** Send what exists first, ended by a bookmark with the annotation `k8s.io/initial-events-end`. */
  readonly sendInitialEvents?: boolean;
}

/** One event of a watch. `ERROR` events are thrown as {@link ApiError} instead. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/** `namespace/name`, or `name` alone for cluster-scoped kinds. */
export type ObjectKey = string;

/** The key of an object in caches and queues. */
export function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name = '' } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What changed in a cache. `deleted` tells whether the deletion was seen, or is only the absence from a fresh list. */
export type CacheChange<T> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'modified'; readonly object: T; readonly previous: T }
  | { readonly kind: 'deleted'; readonly previous: T; readonly observed: boolean };

/** The local copy of one kind from one API server, kept by a reflector. Reads cost no request. */
export interface Cache<T extends KubeObject> {
  readonly resource: Resource;
  /** Whether a complete list has been taken in since the start. Before that absence means nothing. */
  readonly synced: boolean;
  /** Whether the server knows the kind. Only of kinds that come with an add-on can it be `false`. */
  readonly served: boolean;
  /** resourceVersion up to which the cache is complete, empty before the first list. */
  readonly resourceVersion: string;
  get(key: ObjectKey): T | undefined;
  list(): readonly T[];
  /** Objects for which the index function named `index` yields `value`. */
  byIndex(index: string, value: string): readonly T[];
  /** Calls back on every change, after the cache holds it. Returns the function that ends it. */
  subscribe(listener: (change: CacheChange<T>) => void): () => void;
  /** Resolves once {@link synced}, rejects when `signal` aborts. */
  waitForSync(signal: AbortSignal): Promise<void>;
}
