import { copiedDefinitions } from '../custom/crds';
import type { OpenedKind } from '../engine/declaration';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import { RESOURCES } from '../kube/resources';
import type { Cache, KubeClient, KubeObject } from '../kube/types';
import { DECLARATIONS } from './declarations';

/** Opens the caches of every kind that the configuration has switched on. */
export function openDeclarations(registry: SideRegistry, context: ClusterContext): readonly OpenedKind[] {
  const all = DECLARATIONS.flatMap((one) => (typeof one === 'function' ? one(context) : [one]));
  const enabled = all.filter((one) => one.enabled(context));
  const definitions = copiedDefinitions(
    enabled.flatMap(({ crds = [] }) => crds),
    context.sections['custom-resources'],
  );
  return [...definitions, ...enabled].map((one) => one.open(registry, context));
}

/** Makes sure that a virtual namespace exists, for objects that the host puts there. */
export async function ensureVirtualNamespace(
  virtual: KubeClient,
  namespaces: Pick<Cache<KubeObject>, 'get'>,
  name: string,
): Promise<void> {
  if (namespaces.get(name) !== undefined) return;
  try {
    await virtual.create(RESOURCES.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
  }
}
