import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { LABELS } from '../../../lib/contract';
import { BY_TENANT } from '../../../lib/contract/network';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject } from '../../kube/types';
import { selects } from '../selects';

/** A tenant's policy, as far as it tells which pods it is for. */
export interface GoverningPolicy extends KubeObject {
  readonly spec?: NetworkPolicySpec;
}

/** Whether the tenant's own policies count on the host, so that its pods must tell which of them have any. */
export function tenantGoverns({ sections }: Pick<ClusterContext, 'sections'>): boolean {
  const { isolation, sync } = sections;
  return sync.toHost.networkPolicies.enabled && isolation.level !== 'off' && isolation.network.enforce;
}

/** The tenant's policies, by namespace. They must be opened before any cache is filled. */
export function openTenantPolicies(sides: SideRegistry): (namespace: string) => readonly GoverningPolicy[] {
  const { cache } = sides.virtual<GoverningPolicy>(RESOURCES.networkPolicies);
  return (namespace) => cache.list().filter(({ metadata }) => metadata.namespace === namespace);
}

/**
 * Labels by which the host's policies tell a pod for which the tenant's own policies decide. Without them whatever
 * isolation allows is open to a pod, which would make the tenant's policies worthless, since policies add up.
 */
export function governedLabels(pod: KubeObject, ctx: ClusterContext): { readonly [key: string]: string } {
  const { namespace = '', labels = {} } = pod.metadata;
  const policies = ctx.policiesOf?.(namespace) ?? [];
  const types = new Set(
    policies.flatMap(({ spec }) => (selects(spec?.podSelector ?? {}, labels) ? directionsOf(spec) : [])),
  );
  return {
    ...(types.has('Ingress') && { [LABELS.ingressBy]: BY_TENANT }),
    ...(types.has('Egress') && { [LABELS.egressBy]: BY_TENANT }),
  };
}

/** Kubernetes' own defaults, for objects from before the API server wrote them out. */
function directionsOf(spec: NetworkPolicySpec = { podSelector: {} }): readonly string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
}
