import { SubletError } from '../../lib/contract';
import type { Api } from './api';
import { isNotFound } from './api-error';
import type { KubeObject, Resource } from './types';

/** Name under which the command's server-side applies are recorded. */
export const FIELD_MANAGER = 'sublet';

/** What reads and deletions take. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** The path of a kind, or of one of its objects. */
export function pathFor(
  resource: Resource,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = resource.apiVersion.includes('/') ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  const scope = resource.namespaced && namespace !== undefined ? ['namespaces', namespace] : [];
  const parts = [...scope, resource.plural, ...(name === undefined ? [] : [name]), ...(subresource?.split('/') ?? [])];
  return `${root}/${parts.map(encodeURIComponent).join('/')}`;
}

/** The object, or `undefined` where there is none. */
export async function getObject<T extends KubeObject>(
  api: Api,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: CallOptions = {},
): Promise<T | undefined> {
  try {
    const { body } = await api.request({ ...options, path: pathFor(resource, namespace, name) });
    return asObject<T>(body);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** All objects of a kind, in one namespace or in all. */
export async function listObjects<T extends KubeObject>(
  api: Api,
  resource: Resource,
  query: { readonly namespace?: string | undefined; readonly labelSelector?: string; readonly fieldSelector?: string },
  options: CallOptions = {},
): Promise<readonly T[]> {
  const { namespace, labelSelector, fieldSelector } = query;
  const items: T[] = [];
  let next: string | undefined;
  do {
    const { body } = await api.request({
      ...options,
      path: pathFor(resource, namespace),
      query: { labelSelector, fieldSelector, limit: '500', continue: next },
    });
    const page = asObject<{ items?: readonly T[]; metadata?: { continue?: string } }>(body);
    // Items of a list carry neither apiVersion nor kind: give them what the list's path says.
    items.push(
      ...(page.items ?? []).map((item) => ({ ...item, apiVersion: resource.apiVersion, kind: resource.kind })),
    );
    next = page.metadata?.continue || undefined;
  } while (next !== undefined);
  return items;
}

/**
 * Server-side apply of one object.
 * @returns whether it was created by this, and the object as the server holds it
 */
export async function applyObject(
  api: Api,
  resource: Resource,
  object: KubeObject,
  options: CallOptions & { readonly dryRun?: boolean; readonly force?: boolean; readonly fieldManager?: string } = {},
): Promise<{ readonly created: boolean; readonly object: KubeObject }> {
  const { dryRun, force, fieldManager, ...call } = options;
  const { status, body } = await api.request({
    ...call,
    method: 'PATCH',
    path: pathFor(resource, object.metadata?.namespace, object.metadata?.name ?? ''),
    query: {
      fieldManager: fieldManager ?? FIELD_MANAGER,
      force: force === true ? 'true' : undefined,
      dryRun: dryRun === true ? 'All' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
  return { created: status === 201, object: asObject<KubeObject>(body) };
}

/** Deletes an object; one that is not there counts as deleted. With `uid` only that very object. */
export async function deleteObject(
  api: Api,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: CallOptions & {
    readonly uid?: string;
    readonly propagationPolicy?: 'Background' | 'Foreground';
    /** @default - what the object itself asks for */
    readonly gracePeriodSeconds?: number;
  } = {},
): Promise<void> {
  const { uid, propagationPolicy = 'Background', gracePeriodSeconds, ...call } = options;
  try {
    await api.request({
      ...call,
      method: 'DELETE',
      path: pathFor(resource, namespace, name),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy,
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
        ...(uid !== undefined && { preconditions: { uid } }),
      },
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Narrows a parsed answer to an object; its fields are the server's word. */
export function asObject<T>(body: unknown): T {
  if (typeof body === 'object' && body !== null) return body as T;
  throw new SubletError('API_ERROR', 'the API server answered with something that is not JSON');
}
