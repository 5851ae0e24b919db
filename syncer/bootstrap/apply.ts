import { createHash } from 'node:crypto';
import { ANNOTATIONS } from '../../lib/contract';
import type { KubeClient, KubeObject, RequestOptions, Resource } from '../kube/types';

/** The name under which the syncer owns fields that it applies. */
export const FIELD_MANAGER = 'sublet-syncer';

/** An object to apply, with the kind as its API path names it. */
export interface Manifest {
  readonly resource: Resource;
  readonly object: KubeObject & { readonly apiVersion: string; readonly kind: string };
}

/**
 * Applies objects, in their order, by server-side apply. An object is written only when it is not there or when it was
 * applied from another manifest than this one, so that a tenant's own changes (replicas, resources) stay until the
 * configuration changes.
 * @returns `Kind/name` of those that were written
 */
export async function applyManifests(
  client: KubeClient,
  manifests: readonly Manifest[],
  options?: RequestOptions,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { resource, object } of manifests) {
    const { namespace, name = '' } = object.metadata;
    const hash = hashOf(object);
    const existing = await client.get(resource, namespace, name, options);
    if (existing?.metadata.annotations?.[ANNOTATIONS.contentHash] === hash) continue;
    const annotations = { ...object.metadata.annotations, [ANNOTATIONS.contentHash]: hash };
    const body = { ...object, metadata: { ...object.metadata, annotations } };
    await client.patch(resource, namespace, name, body, {
      ...options,
      type: 'application/apply-patch+yaml',
      fieldManager: FIELD_MANAGER,
      force: true,
    });
    written.push(`${object.kind}/${name}`);
  }
  return written;
}

/** An object by its kind and name. */
export interface ObjectName {
  readonly resource: Resource;
  /** @default - it is cluster-scoped */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Deletes objects that {@link applyManifests} once wrote and that no configuration asks for any more. An object of that
 * name without our mark is somebody else's and stays.
 * @returns `Kind/name` of those that were deleted
 */
export async function removeApplied(
  client: KubeClient,
  objects: readonly ObjectName[],
  options?: RequestOptions,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { resource, namespace, name } of objects) {
    const { annotations, uid } = (await client.get(resource, namespace, name, options))?.metadata ?? {};
    if (annotations?.[ANNOTATIONS.contentHash] === undefined || uid === undefined) continue;
    await client.delete(resource, namespace, name, { ...options, uid, propagationPolicy: 'Background' });
    removed.push(`${resource.kind}/${name}`);
  }
  return removed;
}

function hashOf(object: KubeObject): string {
  return createHash('sha256').update(JSON.stringify(object)).digest('hex');
}
