import { hostDnsSpec, isServedBySyncer } from '../dns/host-service';
import { hostMetadata, hostSelector } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { ClusterContext, Translation } from '../engine/types';
import { settledSpec } from './renumber';
import type { Service, ServiceSpec } from './types';

/**
 * The fields of a Service's spec that reach the host as they are. Left out on purpose: `externalIPs` (CVE-2020-8554)
 * and `loadBalancerIP`, by which a tenant could claim the address of somebody else, and `externalName`.
 */
const COPIED_FIELDS = [
  'allocateLoadBalancerNodePorts',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'ports',
  'publishNotReadyAddresses',
  'sessionAffinity',
  'sessionAffinityConfig',
  'trafficDistribution',
  'type',
] as const satisfies readonly (keyof ServiceSpec)[];

/**
 * The host Service of a virtual one. It asks for the virtual Service's ClusterIP and node ports, so that both sides
 * have the same. A Service of type ExternalName is an answer of the virtual cluster's own DNS; on the host it would
 * only let a tenant name host Services to host controllers, so it stays away.
 */
export function toHostService(v: Service, ctx: ClusterContext): Translation<Service> {
  if (isSpecial(v)) return { kind: 'skip', reason: 'the API of the virtual cluster has a Service of its own' };
  const spec = settledSpec(v);
  if (spec.type === 'ExternalName') return { kind: 'skip', reason: 'an ExternalName lives in DNS only' };
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: hostMetadata(v, ctx, { kind: { apiVersion: 'v1', kind: 'Service' }, kindAnnotation: false }),
      spec: hostSpec(v, spec, ctx),
    },
  };
}

/** Whether a Service is `default/kubernetes`, which stands for the host Service `<cluster>` and is kept elsewhere. */
export function isSpecial(v: Service): boolean {
  return v.metadata.namespace === 'default' && v.metadata.name === 'kubernetes';
}

function hostSpec(v: Service, spec: ServiceSpec, ctx: ClusterContext): ServiceSpec {
  const { selector = {}, clusterIP, clusterIPs } = spec;
  const address = clusterIP && { clusterIP, clusterIPs: clusterIPs?.length ? clusterIPs : [clusterIP] };
  if (isServedBySyncer(v, ctx)) {
    return { ...pick(spec, ['ipFamilies', 'ipFamilyPolicy']), ...hostDnsSpec(ctx.cluster), ...address };
  }
  const selects = Object.keys(selector).length > 0;
  return {
    ...pick(spec, COPIED_FIELDS),
    ...(selects && { selector: hostSelector(selector, v.metadata.namespace ?? '', ctx) }),
    ...address,
  };
}
