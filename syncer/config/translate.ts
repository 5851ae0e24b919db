import { ANNOTATIONS } from '../../lib/contract';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { ClusterContext, Translation } from '../engine/types';
import { type ConfigMap, contentHash, type Secret } from './content';

/**
 * A Secret of this type makes the host's controller issue a token of a *host* ServiceAccount, named in an annotation.
 * Source: Kubernetes' tokens controller (`corev1.SecretTypeServiceAccountToken`).
 */
const SERVICE_ACCOUNT_TOKEN = 'kubernetes.io/service-account-token';

/** The host ConfigMap of a virtual one. */
export function toHostConfigMap(v: ConfigMap, ctx: ClusterContext): Translation<ConfigMap> {
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: hostMetadata(v, ctx, {
        kind: { apiVersion: 'v1', kind: 'ConfigMap' },
        annotations: { [ANNOTATIONS.contentHash]: contentHash(v) },
      }),
      ...pick(v, ['data', 'binaryData', 'immutable']),
    },
  };
}

/** The host Secret of a virtual one. A service-account token becomes plain data. */
export function toHostSecret(v: Secret, ctx: ClusterContext): Translation<Secret> {
  const { type = 'Opaque' } = v;
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: hostMetadata(v, ctx, {
        kind: { apiVersion: 'v1', kind: 'Secret' },
        annotations: { [ANNOTATIONS.contentHash]: contentHash(v) },
      }),
      type: type === SERVICE_ACCOUNT_TOKEN ? 'Opaque' : type,
      ...pick(v, ['data', 'immutable']),
    },
  };
}
