import { subsetEqual } from '../engine/diff';
import type { Change } from '../engine/types';
import { portsWithNodePortsOf } from './node-ports';
import { isRenumbering, renumber } from './renumber';
import type { Service } from './types';

/** What of a host Service the virtual one lacks. */
export type ServiceBack =
  | { readonly kind: 'nothing' }
  /** Node ports, or the load balancer's status. */
  | { readonly kind: 'patch'; readonly changes: readonly Change[] }
  /** The host's ClusterIP differs: it was taken there, or the virtual Service was made without our webhook. */
  | { readonly kind: 'renumber'; readonly changes: readonly Change[] };

/**
 * What the host decided and the virtual Service must show. To be asked with the host Service as it is *after* our own
 * writes: what then still differs is what the host would not accept, so its answer stands.
 */
export function serviceToVirtual(host: Service, virtual: Service): ServiceBack {
  if (isRenumbering(virtual) || hasOtherClusterIp(host, virtual)) {
    return { kind: 'renumber', changes: renumber(virtual, host) };
  }
  const changes = [...specChanges(host, virtual), ...statusChanges(host, virtual)];
  return changes.length === 0 ? { kind: 'nothing' } : { kind: 'patch', changes };
}

function hasOtherClusterIp(host: Service, virtual: Service): boolean {
  const ours = host.spec?.clusterIP;
  return virtual.spec?.type !== 'ExternalName' && !!ours && ours !== virtual.spec?.clusterIP;
}

function specChanges(host: Service, virtual: Service): readonly Change[] {
  const ports = portsWithNodePortsOf(host, virtual);
  const healthCheckNodePort = missingHealthCheck(host, virtual);
  if (ports === undefined && healthCheckNodePort === undefined) return [];
  const spec = { ...(ports && { ports }), ...(healthCheckNodePort && { healthCheckNodePort }) };
  return [{ kind: 'patch', patch: { spec } }];
}

/** A health check port can be given, but never changed. */
function missingHealthCheck(host: Service, virtual: Service): number | undefined {
  const { type, externalTrafficPolicy, healthCheckNodePort } = virtual.spec ?? {};
  const needsOne = type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
  return needsOne && !healthCheckNodePort ? host.spec?.healthCheckNodePort : undefined;
}

function statusChanges(host: Service, virtual: Service): readonly Change[] {
  const balanced = virtual.spec?.type === 'LoadBalancer' && host.spec?.type === 'LoadBalancer';
  const desired = balanced ? (host.status?.loadBalancer?.ingress ?? []) : [];
  const current = virtual.status?.loadBalancer?.ingress ?? [];
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return [];
  const ingress = desired.length > 0 ? desired : null;
  return [{ kind: 'patch', subresource: 'status', patch: { status: { loadBalancer: { ingress } } } }];
}
