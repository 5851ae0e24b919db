import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { SubletError } from '../../lib/contract';
import { ApiError } from './api-error';
import type { KubeConnection } from './config';
import { createHttp, type Http, type RetryRule, type StreamOptions, type UpgradedConnection } from './http';
import { collectionPath, listPath, objectPath, withQuery } from './paths';
import { apiVersionOf } from './resources';
import type { DeleteOptions, KubeClient, KubeObject, ListQuery, ListResult, RequestOptions, Resource } from './types';
import { watchEvents } from './watch';

/** Objects on a page of a list. */
const PAGE_SIZE = 500;

/** A client that also passes on what is no object: log streams, and connections that change their protocol. */
export interface StreamingKubeClient extends KubeClient {
  /** The connection settings that it was made of. */
  readonly connection: KubeConnection;
  /** A request whose answer goes on and on, once its head is there. Breaks show as errors of the stream. */
  stream(path: string, options?: StreamOptions): Promise<IncomingMessage>;
  /** Asks for another protocol (`Connection: Upgrade` and `Upgrade` are in `headers`) and hands over the connection. */
  upgrade(path: string, headers: OutgoingHttpHeaders, options?: StreamOptions): Promise<UpgradedConnection>;
  /** Closes all connections, also those in use. */
  close(): void;
}

/** Makes the client of one API server. It connects when the first request needs it. */
export function createKubeClient(connection: KubeConnection): StreamingKubeClient {
  const http = createHttp(connection);
  return {
    connection,
    get: (resource, namespace, name, options) => getObject(http, resource, namespace, name, options),
    list: (resource, query, options) => listAll(http, resource, query, options),
    create(resource, namespace, object, options = {}) {
      const path = withQuery(collectionPath(resource, required(resource, namespace)), {
        dryRun: options.dryRun ? 'All' : undefined,
      });
      return sendJson(http, 'POST', path, object, 'refused', options);
    },
    update(resource, object, options = {}) {
      const { namespace, name = '' } = object.metadata;
      const path = objectPath(resource, namespace, name, options.subresource);
      return sendJson(http, 'PUT', path, object, 'refused', options);
    },
    patch(resource, namespace, name, patch, options = {}) {
      const path = withQuery(objectPath(resource, namespace, name, options.subresource), {
        fieldManager: options.fieldManager,
        force: options.force,
      });
      const type = options.type ?? 'application/merge-patch+json';
      return sendJson(http, 'PATCH', path, patch, 'refused', options, type);
    },
    delete: (resource, namespace, name, options) => deleteObject(http, resource, namespace, name, options),
    post: (resource, namespace, name, subresource, body, options = {}) =>
      sendJson(http, 'POST', objectPath(resource, namespace, name, subresource), body, 'never', options),
    async raw(path, options = {}) {
      const accept = 'application/json, */*';
      const answer = await http.request({ method: 'GET', path, headers: { accept }, retry: 'idempotent', ...options });
      return answer.contentType.includes('json') ? parse(answer.body, path) : answer.body.toString('utf8');
    },
    watch: (resource, query, options) => watchEvents(http, resource, query, options),
    stream: (path, options) => http.stream(path, options),
    upgrade: (path, headers, options) => http.upgrade(path, headers, options),
    close: () => http.close(),
  };
}

async function getObject<T extends KubeObject>(
  http: Http,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: RequestOptions & { readonly headers?: OutgoingHttpHeaders } = {},
): Promise<T | undefined> {
  const path = objectPath(resource, namespace, name);
  try {
    const answer = await http.request({ method: 'GET', path, retry: 'idempotent', ...options });
    return parse<T>(answer.body, path);
  } catch (error) {
    if (error instanceof ApiError && error.isMissingObject(resource.plural, name)) return undefined;
    throw error;
  }
}

interface ListPage<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

async function listAll<T extends KubeObject>(
  http: Http,
  resource: Resource,
  query: ListQuery,
  options: RequestOptions = {},
): Promise<ListResult<T>> {
  const headers = query.metadataOnly ? { accept: METADATA_LIST } : {};
  const page = async (parameters: { limit?: number; continue?: string }): Promise<ListPage<T>> => {
    const path = listPath(resource, query, parameters);
    return parse(await request(path), path);
  };
  const request = async (path: string): Promise<Buffer> =>
    (await http.request({ method: 'GET', path, headers, retry: 'idempotent', ...options })).body;

  const items: T[] = [];
  let current = await page({ limit: PAGE_SIZE });
  for (;;) {
    for (const item of current.items ?? []) items.push(withKind(item, resource));
    const next = current.metadata.continue;
    if (!next) return { items, resourceVersion: current.metadata.resourceVersion ?? '' };
    try {
      current = await page({ limit: PAGE_SIZE, continue: next });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 410) throw error;
      // The snapshot of the first pages is gone. Only one read without pages can be consistent now.
      items.length = 0;
      current = await page({});
    }
  }
}

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const METADATA_OBJECT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** Items of a list come without their kind, and metadata with one of its own: here all say what they are. */
function withKind<T extends KubeObject>(item: T, resource: Resource): T {
  return Object.assign(item, { apiVersion: apiVersionOf(resource), kind: resource.kind });
}

async function deleteObject(
  http: Http,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions & RequestOptions = {},
): Promise<'deleted' | 'gone'> {
  const { uid, resourceVersion, gracePeriodSeconds, propagationPolicy, signal, timeoutMs } = options;
  const path = objectPath(resource, namespace, name);
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...((uid !== undefined || resourceVersion !== undefined) && { preconditions: { uid, resourceVersion } }),
    gracePeriodSeconds,
    propagationPolicy,
  });
  try {
    const headers = { 'content-type': 'application/json' };
    await http.request({ method: 'DELETE', path, headers, body, retry: 'idempotent', signal, timeoutMs });
    return 'deleted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isMissingObject(resource.plural, name)) return 'gone';
    if (error.status !== 409 || uid === undefined) throw error;
    // Which precondition failed is only in the wording, so the object itself is asked.
    const found = await getObject(http, resource, namespace, name, {
      ...options,
      headers: { accept: METADATA_OBJECT },
    });
    if (found === undefined || found.metadata.uid !== uid) return 'gone';
    throw error;
  }
}

async function sendJson<T>(
  http: Http,
  method: string,
  path: string,
  value: unknown,
  retry: RetryRule,
  { signal, timeoutMs }: RequestOptions,
  type = 'application/json',
): Promise<T> {
  const body = JSON.stringify(value);
  const answer = await http.request({
    method,
    path,
    headers: { 'content-type': type },
    body,
    retry,
    signal,
    timeoutMs,
  });
  return parse<T>(answer.body, path);
}

function required(resource: Resource, namespace: string | undefined): string | undefined {
  if (resource.namespaced && namespace === undefined) {
    throw new SubletError('NAME_INVALID', `a new object in ${resource.plural} needs a namespace`);
  }
  return namespace;
}

function parse<T>(body: Buffer, path: string): T {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's message quotes the body, which may be a Secret's.
    throw new SubletError('API_ERROR', `${path.split('?', 1)[0]}: the answer is not JSON`);
  }
}
