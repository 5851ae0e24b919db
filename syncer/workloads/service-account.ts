import { mergePatch } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import type { Change, ClusterContext, Translation } from '../engine/types';
import type { KubeObject } from '../kube/types';

/** A service account, as far as it is copied. */
export interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean;
}

const KIND = { apiVersion: 'v1', kind: 'ServiceAccount' } as const;

/**
 * The host's account for a virtual one: a name by which the host's administrators can bind rights or cloud identities.
 * It has no rights of its own, no token is mounted, and neither pull secrets nor token Secrets are copied.
 */
export function toHostServiceAccount(v: ServiceAccount, ctx: ClusterContext): Translation<ServiceAccount> {
  return {
    kind: 'object',
    object: { ...KIND, metadata: hostMetadata(v, ctx, { kind: KIND }), automountServiceAccountToken: false },
  };
}

/** The writes that bring the host's account to what is desired. */
export function serviceAccountChanges(desired: ServiceAccount, current: ServiceAccount): readonly Change[] {
  const patch = mergePatch(desired, current, ['automountServiceAccountToken']);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}
