import type { ServiceAccountTokenProjection } from 'kubernetes-types/core/v1';
import { shortHash } from '../../lib/contract';
import type { Pod } from './types';

/** One service-account token that a pod asks for. Several volumes may share it. */
export interface PodTokenSource {
  /** Its key in the pod's token Secret. */
  readonly key: string;
  /** Undefined for the audience of the API server itself. */
  readonly audience: string | undefined;
  /** Lifetime asked for. */
  readonly expirationSeconds: number;
}

/** Lifetime of a token for which the pod names none. The API server's default. */
const DEFAULT_EXPIRATION_SECONDS = 3600;

/** The token that one projection asks for. Equal wishes get the same key. */
export function tokenSource(projection: ServiceAccountTokenProjection): PodTokenSource {
  const audience = projection.audience || undefined;
  const expirationSeconds = projection.expirationSeconds ?? DEFAULT_EXPIRATION_SECONDS;
  return {
    key: `token-${shortHash(JSON.stringify([audience ?? '', expirationSeconds]))}`,
    audience,
    expirationSeconds,
  };
}

/** The service-account tokens that a pod's projected volumes ask for, each once. */
export function tokenSources(v: Pod): readonly PodTokenSource[] {
  const sources = new Map<string, PodTokenSource>();
  for (const volume of v.spec.volumes ?? []) {
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
      if (!serviceAccountToken) continue;
      const source = tokenSource(serviceAccountToken);
      sources.set(source.key, source);
    }
  }
  return [...sources.values()];
}
