import { SubletError } from '../../lib/contract';
import type { Api } from './api';
import { isNotFound } from './api-error';
import { asObject } from './objects';
import { type KubeObject, RESOURCES, type Resource } from './types';

/** Finds the API resource of an object. */
export type ResourceFinder = (object: KubeObject) => Promise<Resource>;

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/**
 * A finder that knows the usual kinds and asks the server for others, once for each API version.
 * It throws `SubletError` `API_NOT_FOUND` for a kind that the server does not serve.
 */
export function createResourceFinder(api: Api): ResourceFinder {
  const lists = new Map<string, Promise<ResourceList>>();
  return async (object) => {
    const { apiVersion = 'v1', kind = '' } = object;
    const known = Object.values(RESOURCES).find((entry) => entry.apiVersion === apiVersion && entry.kind === kind);
    if (known !== undefined) return known;
    const list = lists.get(apiVersion) ?? discover(api, apiVersion);
    lists.set(apiVersion, list);
    const found = (await list).resources?.find((entry) => entry.kind === kind && !entry.name.includes('/'));
    if (found === undefined) {
      throw new SubletError('API_NOT_FOUND', `${api.server} does not serve ${kind} of ${apiVersion}`, {
        hint: 'the host cluster may be too old, or a custom resource definition is missing',
      });
    }
    return { apiVersion, kind, plural: found.name, namespaced: found.namespaced };
  };
}

async function discover(api: Api, apiVersion: string): Promise<ResourceList> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  try {
    return asObject<ResourceList>((await api.request({ path })).body);
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}
