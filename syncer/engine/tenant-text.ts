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

/** The reason and the text of the event about a refusal of the host. */
export function refusalOfHost(
  error: ApiError,
  virtual: KubeObject,
  context: ClusterContext,
): readonly [reason: string, message: string] {
  const quota = error.status === 403 ? hostQuotaText(error.message) : undefined;
  return quota === undefined ? ['SyncError', tenantText(error, virtual, context)] : [QUOTA_EXCEEDED, quota];
}

/**
 * What a tenant reads when a ResourceQuota of the host has no room; undefined if that is not what was said. It may be
 * shared with others: neither its name nor how much of it is used is for the tenant.
 */
export function hostQuotaText(message: string): string | undefined {
  const [, asked] = /exceeded quota: .*?requested: ([^ ]+?),?(?: |$)/.exec(message) ?? [];
  return asked === undefined
    ? undefined
    : `the platform's quota for this cluster has no room for it (asks for ${asked})`;
}
