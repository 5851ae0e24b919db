import { z } from 'zod';
import type { HostApi } from './api-client';

const objectSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

/** Applies objects, one after the other. The kinds are few, so their plural is formed by the common rule. */
export async function applyAll(api: HostApi, objects: readonly object[]): Promise<void> {
  for (const object of objects) await api.apply(objectPath(object), object);
}

/** The path of an object at the API server: `/api/v1/namespaces/<namespace>/configmaps/<name>`. */
export function objectPath(object: object): string {
  const { apiVersion, kind, metadata } = objectSchema.parse(object);
  const lower = kind.toLowerCase();
  const plural = /(s|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${plural}/${metadata.name}`;
}
