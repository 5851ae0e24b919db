import { hostDnsSpec, isServedBySyncer } from '../dns/host-service';
import { hostMetadata, hostSelector } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { ClusterContext, Translation } from '../engine/types';
import { type AllowedSpec, allowedSpec, refusedService } from './allowed';
import { settledSpec } from './renumber';
import type { Service, ServiceSpec } from './types';

/** The fields of a Service's spec that reach the host as they are. {@link allowedSpec} decides about some others. */
const COPIED_FIELDS = [
  'allocateLoadBalancerNodePorts',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
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
 *
 * @param hostCopy the host Service as it is, whose node ports the virtual one shows. @default there is none
 */
export function toHostService(v: Service, ctx: ClusterContext, hostCopy?: Service): Translation<Service> {
  if (isSpecial(v)) return { kind: 'skip', reason: 'the API of the virtual cluster has a Service of its own' };
  const spec = settledSpec(v);
  if (spec.type === 'ExternalName') return { kind: 'skip', reason: 'an ExternalName lives in DNS only' };
  const refusal = refusedService(spec, ctx);
  if (refusal !== undefined) return refusal;
  const allowed = allowedSpec(spec, hostCopy?.spec, ctx);
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: hostMetadata(v, ctx, { kind: { apiVersion: 'v1', kind: 'Service' }, kindAnnotation: false }),
      spec: hostSpec(v, spec, allowed.spec, ctx),
    },
    ...(allowed.warnings.length > 0 && { warnings: allowed.warnings }),
  };
}

/** Whether a Service is `default/kubernetes`, which stands for the host Service `<cluster>` and is kept elsewhere. */
export function isSpecial(v: Service): boolean {
  return v.metadata.namespace === 'default' && v.metadata.name === 'kubernetes';
}

function hostSpec(v: Service, spec: ServiceSpec, allowed: AllowedSpec['spec'], ctx: ClusterContext): ServiceSpec {
  const { selector = {}, clusterIP, clusterIPs } = spec;
  const address = clusterIP && { clusterIP, clusterIPs: clusterIPs?.length ? clusterIPs : [clusterIP] };
  if (isServedBySyncer(v, ctx)) {
    return { ...pick(spec, ['ipFamilies', 'ipFamilyPolicy']), ...hostDnsSpec(ctx), ...address };
  }
  const selects = Object.keys(selector).length > 0;
  return {
    ...pick(spec, COPIED_FIELDS),
    ...allowed,
    ...(selects && { selector: hostSelector(selector, v.metadata.namespace ?? '', ctx) }),
    ...address,
  };
}
