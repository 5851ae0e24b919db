import type { ApiError } from '../kube/api-error';
import type { KubeObject } from '../kube/types';
import { QUOTA_EXCEEDED } from './host-gate';
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

/**
 * The reason and the text of the event about a refusal of the host. A quota of the host's own may be shared with others:
 * neither its name nor how much of it is used is for the tenant.
 */
export function refusalOfHost(
  error: ApiError,
  virtual: KubeObject,
  context: ClusterContext,
): readonly [reason: string, message: string] {
  const [, asked] = /exceeded quota: .*?requested: ([^ ]+), used: /.exec(error.message) ?? [];
  if (error.status === 403 && asked !== undefined)
    return [QUOTA_EXCEEDED, `the platform's quota for this cluster has no room for it (asks for ${asked})`];
  return ['SyncError', tenantText(error, virtual, context)];
}
