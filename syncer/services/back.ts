import type { Condition } from 'kubernetes-types/meta/v1';
import { subsetEqual } from '../engine/diff';
import { type Replacements, scrub } from '../engine/scrub';
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
  const ingress = listChange(balanced ? host.status?.loadBalancer?.ingress : [], virtual.status?.loadBalancer?.ingress);
  const conditions = listChange(hostConditions(host, virtual), virtual.status?.conditions);
  if (ingress === undefined && conditions === undefined) return [];
  const status = {
    ...(ingress !== undefined && { loadBalancer: { ingress } }),
    ...(conditions !== undefined && { conditions }),
  };
  return [{ kind: 'patch', subresource: 'status', patch: { status } }];
}

/** What a list must become, `null` for nothing at all, `undefined` when it is that already. */
function listChange<T>(desired: readonly T[] = [], current: readonly T[] = []): readonly T[] | null | undefined {
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return undefined;
  return desired.length > 0 ? desired : null;
}

/**
 * What the host's load balancers say about a Service, in the tenant's names. Conditions of types that the host does not
 * know were set in the virtual cluster, and stay. Services have no generation, so none is observed.
 */
function hostConditions(host: Service, virtual: Service): readonly Condition[] {
  const names: Replacements = [
    [host.metadata.name ?? '', virtual.metadata.name ?? ''],
    [host.metadata.namespace ?? '', virtual.metadata.namespace ?? ''],
  ];
  const said = (host.status?.conditions ?? []).map(({ observedGeneration: _, ...condition }) => ({
    ...condition,
    message: scrub(condition.message, names),
  }));
  const types = new Set(said.map(({ type }) => type));
  return [...said, ...(virtual.status?.conditions ?? []).filter(({ type }) => !types.has(type))];
}
