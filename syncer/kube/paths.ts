import { SubletError } from '../../lib/contract';
import type { ListQuery, Resource, WatchQuery } from './types';

/** What a query string may hold; undefined values are left out. */
export type Query = { readonly [key: string]: string | number | boolean | undefined };

/** The path of all objects of a kind, in one namespace or (without one) in all. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace, 'namespace')}` : '';
  return `${root}${within}/${resource.plural}`;
}

/**
 * The path of one object or of a subresource of it.
 * @throws SubletError `NAME_INVALID` for a name by which the path would lead elsewhere: a deletion without a name would
 * be a deletion of all
 */
export function objectPath(
  resource: Resource,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): string {
  if (resource.namespaced && namespace === undefined) {
    throw new SubletError('NAME_INVALID', `${resource.plural} "${name}" needs a namespace`);
  }
  const path = `${collectionPath(resource, namespace)}/${segment(name, 'name')}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** A path with its query. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) parameters.set(key, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The path of one page of a list. */
export function listPath(resource: Resource, query: ListQuery, page: { limit?: number; continue?: string }): string {
  return withQuery(collectionPath(resource, query.namespace), { ...selectors(query), ...page });
}

/** The path of a watch. */
export function watchPath(resource: Resource, query: WatchQuery): string {
  return withQuery(collectionPath(resource, query.namespace), {
    ...selectors(query),
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: query.timeoutSeconds,
    resourceVersion: query.resourceVersion,
    ...(query.sendInitialEvents && { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
  });
}

function selectors(query: ListQuery): Query {
  return { labelSelector: query.labelSelector, fieldSelector: query.fieldSelector };
}

function segment(text: string, what: string): string {
  if (text === '' || text === '.' || text === '..') {
    throw new SubletError('NAME_INVALID', `"${text}" is no ${what} of an object`);
  }
  return encodeURIComponent(text);
}
