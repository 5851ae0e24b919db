import { mergePatch, type OwnedPath } from '../engine/diff';
import type { Change } from '../engine/types';
import { needsNodePorts } from './node-ports';
import type { Service, ServiceSpec } from './types';

const OWNED_FIELDS: readonly (keyof ServiceSpec)[] = [
  'type',
  'selector',
  'allocateLoadBalancerNodePorts',
  'externalIPs',
  'externalName',
  'externalTrafficPolicy',
  'internalTrafficPolicy',
  'ipFamilyPolicy',
  'loadBalancerSourceRanges',
  'publishNotReadyAddresses',
  'sessionAffinity',
  'sessionAffinityConfig',
  'trafficDistribution',
];

/**
 * The writes that bring a host Service to what is desired. The virtual side decides everything that the API lets
 * change; what the host allocated (ClusterIP, unnamed node ports) is never taken away here, see `serviceToVirtual`.
 */
export function serviceChanges(desired: Service, current: Service): readonly Change[] {
  const owned: OwnedPath[] = [
    ...OWNED_FIELDS.map((field) => `spec.${field}`),
    { path: 'spec.ports', hostAssigned: needsNodePorts(desired.spec) ? ['nodePort'] : [] },
    ...settableOnce(desired.spec, current.spec).map((field) => `spec.${field}`),
    // Some load balancers write there what they gave.
    ...(desired.spec?.loadBalancerIP === undefined ? [] : ['spec.loadBalancerIP']),
  ];
  const patch = mergePatch(desired, current, owned);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** Fields that the API server lets us set while they are empty, or clear with the type that needs them, but not change. */
function settableOnce(desired: ServiceSpec | undefined, current: ServiceSpec | undefined): (keyof ServiceSpec)[] {
  const fields: (keyof ServiceSpec)[] = [];
  if (!current?.clusterIP) fields.push('clusterIP', 'clusterIPs', 'ipFamilies');
  if (desired?.type !== 'LoadBalancer' || current?.type !== 'LoadBalancer') fields.push('loadBalancerClass');
  const keepsHealthCheck = desired?.type === 'LoadBalancer' && desired.externalTrafficPolicy === 'Local';
  if (!keepsHealthCheck || !current?.healthCheckNodePort) fields.push('healthCheckNodePort');
  return fields;
}
