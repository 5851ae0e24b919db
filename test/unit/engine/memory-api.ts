import { SubletError } from '../../../lib/contract';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { Indexers } from '../../../syncer/kube/store';
import {
  type DeleteOptions,
  type KubeClient,
  type KubeObject,
  keyOf,
  type ListQuery,
  type ListResult,
  type ObjectKey,
  type PatchType,
  type Resource,
} from '../../../syncer/kube/types';
import { MemoryCache, type Stored } from './memory-cache';
import { isSame, patched, withBase64 } from './memory-patch';
import {
  apiError,
  assertVersion,
  type Binding,
  deletionMarks,
  issuedToken,
  matches,
  type TokenRequest,
  withStatus,
} from './memory-rules';

/** A request as a test reads it: `PATCH pods/status shop/web`. */
export type RequestLine = string;

/**
 * An API server in memory, with what the syncer's promises rest on: one resourceVersion for the whole store, UIDs that
 * are never used twice, preconditions, finalizers, pods' grace periods, status by its subresource only, writes that
 * change nothing, and its refusals as `ApiError`. Namespaces are taken for granted, and there is no validation:
 * what the server refuses beyond that, a test says by {@link refuse}.
 */
export class MemoryApi implements KubeClient {
  readonly requests: RequestLine[] = [];
  /** While false nothing reaches the server. */
  reachable = true;
  /** Asked before each request is carried out; what it throws is the answer. */
  refuse: (request: RequestLine, body: unknown) => void = () => undefined;
  /** Milliseconds since 1970. */
  now = Date.parse('2026-01-01T00:00:00Z');
  #version = 1000;
  #uids = 0;
  #objects = new Map<string, Map<ObjectKey, Stored>>();
  readonly #caches = new Map<string, Set<MemoryCache<KubeObject>>>();

  constructor(private readonly name = 'api') {
    this.put(RESOURCES.namespaces, { metadata: { name: 'kube-system' } });
  }

  /** A cache that follows the store, filled already unless it is made with `synced: false`. */
  cache<T extends KubeObject>(
    resource: Resource,
    options: { indexers?: Indexers<T>; transform?: (object: T) => T; synced?: boolean } = {},
  ): MemoryCache<T> {
    const cache = new MemoryCache<T>(resource, () => this.#listed(resource), options);
    const caches = this.#caches.get(resource.plural) ?? new Set();
    this.#caches.set(resource.plural, caches.add(cache as MemoryCache<KubeObject> & MemoryCache<T>));
    if (options.synced !== false) cache.relist();
    return cache;
  }

  /** Stores an object without a request, as somebody else's write: creates it, or replaces it under the same UID. */
  put<T extends KubeObject>(resource: Resource, object: T): T {
    const given: KubeObject = object;
    const { resourceVersion: _, ...metadata } = given.metadata;
    const before = this.#kind(resource).get(keyOf(object));
    const uid = metadata.uid ?? before?.metadata.uid ?? this.#newUid();
    return this.#store(resource, { ...given, metadata: { ...before?.metadata, ...metadata, uid } }) as KubeObject as T;
  }

  /** Removes an object without a request, as somebody else's forced deletion. */
  remove(resource: Resource, key: ObjectKey): void {
    const object = this.#kind(resource).get(key);
    if (object !== undefined) this.#drop(resource, object);
  }

  /** What is stored, past all requests. */
  peek<T extends KubeObject>(resource: Resource, key: ObjectKey): T | undefined {
    return structuredClone(this.#kind(resource).get(key)) as KubeObject | undefined as T | undefined;
  }

  keys(resource: Resource): readonly ObjectKey[] {
    return [...this.#kind(resource).keys()];
  }

  /** The store as it stands. Handed to {@link restore} it brings back its objects and its resourceVersion; caches don't see that. */
  backup(): () => void {
    const objects = structuredClone(this.#objects);
    const version = this.#version;
    return () => {
      this.#objects = structuredClone(objects);
      this.#version = version;
    };
  }

  /** Puts a blank store in the place of this one: its own `kube-system`, other UIDs, new versions. Caches don't see that. */
  replaceStore(): void {
    this.#objects = new Map();
    this.#version = 1;
    const metadata = { name: 'kube-system', uid: this.#newUid(), resourceVersion: '1' };
    this.#kind(RESOURCES.namespaces).set('kube-system', { metadata });
  }

  /** Everything but reads. */
  get writes(): readonly RequestLine[] {
    return this.requests.filter((line) => !/^(GET|LIST) /.test(line));
  }

  /** What was asked since the last call. */
  take(): readonly RequestLine[] {
    return this.requests.splice(0);
  }

  async get<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ): Promise<T | undefined> {
    const key = this.#request('GET', resource, namespace, name);
    return this.peek<T>(resource, key);
  }

  async list<T extends KubeObject>(resource: Resource, query: ListQuery): Promise<ListResult<T>> {
    this.#request('LIST', resource, query.namespace, '');
    const items = [...this.#kind(resource).values()].filter((object) => matches(object, query));
    const shown = query.metadataOnly ? items.map(({ metadata }) => ({ metadata })) : items;
    return {
      items: structuredClone(shown) as readonly KubeObject[] as readonly T[],
      resourceVersion: `${this.#version}`,
    };
  }

  async create<T extends KubeObject>(resource: Resource, namespace: string | undefined, object: T): Promise<T> {
    const { name = '' } = object.metadata;
    const key = this.#request('POST', resource, namespace, name, undefined, object);
    if (name === '') throw apiError('POST', resource, '', 422, 'Invalid', 'name is required');
    if (this.#kind(resource).has(key)) throw apiError('POST', resource, name, 409, 'AlreadyExists', 'already exists');
    const given: KubeObject = object;
    const metadata = { ...given.metadata, ...(namespace === undefined ? {} : { namespace }), uid: this.#newUid() };
    return this.#store(resource, { ...given, metadata }) as KubeObject as T;
  }

  async update<T extends KubeObject>(resource: Resource, object: T): Promise<T> {
    const { namespace, name = '', resourceVersion } = object.metadata;
    const key = this.#request('PUT', resource, namespace, name, undefined, object);
    const before = this.#existing('PUT', resource, key, name);
    if (resourceVersion !== undefined) assertVersion('PUT', resource, before, resourceVersion);
    return this.#write(resource, before, object) as KubeObject as T;
  }

  async patch<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    { type = 'application/merge-patch+json', subresource }: { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    const key = this.#request('PATCH', resource, namespace, name, subresource, patch);
    const before = this.#existing('PATCH', resource, key, name);
    const after = patched(before, patch, type);
    const { uid, resourceVersion } = after.metadata;
    if (uid !== before.metadata.uid) throw apiError('PATCH', resource, name, 409, 'Conflict', 'the UID differs');
    assertVersion('PATCH', resource, before, resourceVersion);
    const isStatus = subresource === 'status';
    return this.#write(resource, before, withStatus(resource, before, after, isStatus)) as KubeObject as T;
  }

  async delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<'deleted' | 'gone'> {
    const key = this.#request('DELETE', resource, namespace, name, undefined, options);
    const object = this.#kind(resource).get(key);
    if (object === undefined || (options.uid !== undefined && options.uid !== object.metadata.uid)) return 'gone';
    if (options.resourceVersion !== undefined) assertVersion('DELETE', resource, object, options.resourceVersion);
    this.#end(resource, object, options.gracePeriodSeconds);
    return 'deleted';
  }

  async post<T>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: unknown,
  ): Promise<T> {
    const key = this.#request('POST', resource, namespace, name, subresource, body);
    const object = this.#existing('POST', resource, key, name);
    if (subresource === 'binding') return this.#bind(object, body as Binding) as T;
    if (subresource === 'token') {
      const request = body as TokenRequest;
      const bound = this.#kind(RESOURCES.pods).get(`${namespace}/${request.spec.boundObjectRef?.name}`);
      return issuedToken(name, request, bound, this.now) as T;
    }
    throw apiError('POST', resource, name, 404, 'NotFound', `there is no subresource ${subresource}`);
  }

  async raw(path: string): Promise<unknown> {
    throw new SubletError('API_NOT_FOUND', `${path} is not served`);
  }

  /** Caches are fed from the store itself, see {@link cache}. */
  // biome-ignore lint/correctness/useYield: no watch is served
  async *watch(resource: Resource): AsyncGenerator<never> {
    throw apiError('WATCH', resource, '', 405, 'MethodNotAllowed', 'watches are not served');
  }

  #bind(pod: Stored, { metadata, target }: Binding): unknown {
    const { name = '', uid } = pod.metadata;
    const spec = pod.spec as { readonly nodeName?: string } | undefined;
    if (metadata.uid !== uid) throw apiError('POST', RESOURCES.pods, name, 409, 'Conflict', 'the UID differs');
    if (spec?.nodeName) throw apiError('POST', RESOURCES.pods, name, 409, 'Conflict', 'is already assigned to a node');
    const scheduled = { conditions: [{ type: 'PodScheduled', status: 'True' }] };
    const status = patched(
      { ...pod, status: pod.status ?? {} },
      { status: scheduled },
      'application/strategic-merge-patch+json',
    ).status;
    this.#store(RESOURCES.pods, { ...pod, spec: { ...spec, nodeName: target.name }, status });
    return { kind: 'Status', status: 'Success' };
  }

  #end(resource: Resource, object: Stored, seconds: number | undefined): void {
    const marks = deletionMarks(resource, object, seconds, this.now);
    if (marks === undefined) this.#drop(resource, object);
    else this.#store(resource, { ...object, metadata: { ...object.metadata, ...marks } });
  }

  #write(resource: Resource, before: Stored, after: KubeObject): KubeObject {
    const { resourceVersion, uid } = before.metadata;
    const object: Stored = { ...after, metadata: { ...after.metadata, ...(uid === undefined ? {} : { uid }) } };
    const version = resourceVersion === undefined ? {} : { resourceVersion };
    const unchanged: Stored = { ...object, metadata: { ...object.metadata, ...version } };
    if (isSame(withBase64(unchanged), before)) return structuredClone(before);
    return this.#store(resource, object);
  }

  #store(resource: Resource, object: Stored): KubeObject {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: `${this.#version}` };
    const stored: Stored = structuredClone(withBase64({ ...object, metadata }));
    if (stored.metadata.deletionTimestamp !== undefined && stored.metadata.finalizers?.length === 0) {
      this.#drop(resource, stored);
      return structuredClone(stored);
    }
    this.#kind(resource).set(keyOf(stored), stored);
    for (const cache of this.#caches.get(resource.plural) ?? []) cache.receive('put', stored);
    return structuredClone(stored);
  }

  #drop(resource: Resource, object: Stored): void {
    this.#version += 1;
    this.#kind(resource).delete(keyOf(object));
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: `${this.#version}` } };
    for (const cache of this.#caches.get(resource.plural) ?? []) cache.receive('remove', last);
  }

  #listed(resource: Resource): ListResult<Stored> {
    return { items: [...this.#kind(resource).values()], resourceVersion: `${this.#version}` };
  }

  #existing(method: string, resource: Resource, key: ObjectKey, name: string): Stored {
    const object = this.#kind(resource).get(key);
    if (object === undefined) throw apiError(method, resource, name, 404, 'NotFound', 'not found');
    return object;
  }

  #request(
    method: string,
    { plural }: Resource,
    namespace: string | undefined,
    name: string,
    subresource?: string,
    body?: unknown,
  ): ObjectKey {
    const key = namespace === undefined ? name : `${namespace}/${name}`;
    const line = `${method} ${plural}${subresource === undefined ? '' : `/${subresource}`} ${key}`.trimEnd();
    this.requests.push(line);
    if (!this.reachable) throw new SubletError('API_UNREACHABLE', `${this.name} does not answer`);
    this.refuse(line, body);
    return key;
  }

  #kind({ plural }: Resource): Map<ObjectKey, Stored> {
    const objects = this.#objects.get(plural) ?? new Map<ObjectKey, Stored>();
    this.#objects.set(plural, objects);
    return objects;
  }

  #newUid(): string {
    this.#uids += 1;
    return `${this.name}-uid-${this.#uids}`;
  }
}
