import { hostNameOf } from '../engine/placement';
import type { Pod, PodContext, PodResourceClaim, PodSpec, Refusal } from './types';

/**
 * The devices of the host's pod: the host's copies of the claims. A claim made from a template exists in the virtual
 * cluster, whose controller manager has made it and says so in the pod's status, so the host's pod names it directly.
 */
export function hostResourceClaims(v: Pod, ctx: PodContext): Pick<PodSpec, 'resourceClaims'> {
  const { namespace = '' } = v.metadata;
  const claims = v.spec.resourceClaims?.flatMap((claim): PodResourceClaim[] => {
    const made = claimName(v, claim);
    const name = made === undefined ? undefined : hostNameOf(made, namespace, ctx, 'ResourceClaim');
    return name === undefined ? [] : [{ name: claim.name, resourceClaimName: name }];
  });
  return claims?.length ? { resourceClaims: claims } : {};
}

/** Claims reach the host only where the declaration copies them. */
export function refusedClaims(v: Pod, ctx: PodContext): Refusal | undefined {
  if (ctx.sections.sync.toHost.resourceClaims.enabled) return undefined;
  const { resourceClaims = [], containers, initContainers = [] } = v.spec;
  if (resourceClaims.length > 0) return refused('spec.resourceClaims');
  const lists = { containers, initContainers };
  for (const [list, members] of Object.entries(lists)) {
    const index = members.findIndex(({ resources }) => (resources?.claims ?? []).length > 0);
    if (index >= 0) return refused(`spec.${list}[${index}].resources.claims`);
  }
  return undefined;
}

/** The first claim that the virtual cluster has yet to make from its template. */
export function awaitedClaim(v: Pod): string | undefined {
  const statuses = v.status?.resourceClaimStatuses ?? [];
  return v.spec.resourceClaims?.find(
    ({ name, resourceClaimName }) => !resourceClaimName && !statuses.some((status) => status.name === name),
  )?.name;
}

/** A template may turn out to need no claim: its status then has no name. */
function claimName(v: Pod, { name, resourceClaimName }: PodResourceClaim): string | undefined {
  return (
    resourceClaimName ?? v.status?.resourceClaimStatuses?.find((status) => status.name === name)?.resourceClaimName
  );
}

function refused(field: string): Refusal {
  return { field, message: `${field}: this virtual cluster doesn't offer devices by claims` };
}
