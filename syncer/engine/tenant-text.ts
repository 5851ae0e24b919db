import type { ApiError } from '../kube/api-error';
import type { KubeObject } from '../kube/types';
import { hostPlace } from './placement';
import { scrub } from './scrub';
import type { ClusterContext } from './types';

/** What the host's API server said about the copy of a virtual object, in the tenant's names. */
export function tenantText(error: ApiError, virtual: KubeObject, context: ClusterContext): string {
  const { hostNamespace } = context;
  const { name = '', namespace } = virtual.metadata;
  const place = hostPlace(name, namespace, context, virtual.kind);
  // The message begins with the request, whose path is none of the tenant's business.
  const said = error.message.slice(error.message.indexOf(': ') + 2);
  return scrub(said, [
    [place.name, name],
    [hostNamespace, namespace ?? ''],
    ...(place.namespace === undefined ? [] : [[place.namespace, namespace ?? ''] as const]),
  ]);
}
