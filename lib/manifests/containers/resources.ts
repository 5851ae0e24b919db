import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import type { ResolvedResources } from '../../spec';

/** A container's resources as Kubernetes takes them. */
export function resourceRequirements({ requests, limits }: ResolvedResources): ResourceRequirements {
  return { requests: { ...requests }, ...(Object.keys(limits).length === 0 ? {} : { limits: { ...limits } }) };
}
