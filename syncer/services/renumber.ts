import { pick } from '../engine/pick';
import type { Change } from '../engine/types';
import { portsWithNodePortsOf } from './node-ports';
import type { Service, ServiceSpec } from './types';

/** On a virtual Service between the two steps of {@link renumber}: its spec before them, as JSON. */
export const RENUMBERING_ANNOTATION = 'sublet.dev/renumbering';

/** What such a Service points at meanwhile: a name that never resolves (RFC 2606). */
const NOWHERE = 'renumbering.sublet.invalid';

const CLUSTER_FIELDS = [
  'type',
  'allocateLoadBalancerNodePorts',
  'externalTrafficPolicy',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'ports',
  'trafficDistribution',
] as const satisfies readonly (keyof ServiceSpec)[];

/**
 * The writes that give a virtual Service the host's ClusterIP. A ClusterIP can't be changed, except by way of the type
 * ExternalName: two steps in place, instead of deleting and creating the Service. So the tenant's object keeps its UID,
 * and dying between the steps loses nothing, as the second one can be made from what the first wrote down.
 */
export function renumber(virtual: Service, host: Service): readonly Change[] {
  const second = secondStep(virtual, settledSpec(virtual), host);
  return isRenumbering(virtual) ? [second] : [firstStep(virtual), second];
}

/** The spec of a virtual Service; of one between the two steps, the spec that it had and will have again. */
export function settledSpec(virtual: Service): ServiceSpec {
  return (isRenumbering(virtual) ? rememberedSpec(virtual) : virtual.spec) ?? {};
}

/** Whether a virtual Service is between the two steps. */
export function isRenumbering(virtual: Service): boolean {
  return virtual.spec?.type === 'ExternalName' && virtual.spec.externalName === NOWHERE;
}

function firstStep(virtual: Service): Change {
  const cleared = Object.fromEntries(CLUSTER_FIELDS.filter((field) => field !== 'ports').map((field) => [field, null]));
  const ports = (virtual.spec?.ports ?? []).map(({ nodePort: _, ...port }) => port);
  return {
    kind: 'patch',
    patch: {
      metadata: { annotations: { [RENUMBERING_ANNOTATION]: JSON.stringify(virtual.spec ?? {}) } },
      spec: {
        ...cleared,
        type: 'ExternalName',
        externalName: NOWHERE,
        clusterIP: null,
        clusterIPs: null,
        healthCheckNodePort: null,
        ...(ports.length > 0 && { ports }),
      },
    },
  };
}

function secondStep(virtual: Service, spec: ServiceSpec, host: Service): Change {
  const ports = portsWithNodePortsOf(host, { ...virtual, spec });
  const { clusterIP, clusterIPs, healthCheckNodePort } = host.spec ?? {};
  const families = spec.clusterIPs?.length ?? 1;
  return {
    kind: 'patch',
    patch: {
      metadata: { annotations: { [RENUMBERING_ANNOTATION]: null } },
      spec: {
        ...pick(spec, CLUSTER_FIELDS),
        type: spec.type ?? 'ClusterIP',
        externalName: null,
        ...(ports !== undefined && { ports }),
        ...(clusterIP && { clusterIP, clusterIPs: (clusterIPs ?? [clusterIP]).slice(0, families) }),
        ...(spec.healthCheckNodePort && healthCheckNodePort && { healthCheckNodePort }),
      },
    },
  };
}

/** A tenant can write the annotation too: what is not shaped like a spec is no spec. The host validates the rest. */
function rememberedSpec(virtual: Service): ServiceSpec | undefined {
  try {
    const spec: unknown = JSON.parse(virtual.metadata.annotations?.[RENUMBERING_ANNOTATION] ?? '{}');
    return isSpec(spec) ? spec : undefined;
  } catch {
    return undefined;
  }
}

function isSpec(value: unknown): value is ServiceSpec {
  if (!isObject(value)) return false;
  const { ports = [], selector = {}, clusterIPs = [] } = value as { [key: string]: unknown };
  return Array.isArray(ports) && ports.every(isObject) && isObject(selector) && Array.isArray(clusterIPs);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
