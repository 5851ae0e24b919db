import type { Endpoint } from 'kubernetes-types/discovery/v1';
import { shortHash } from '../../../lib/contract';
import { mergePatch } from '../../engine/diff';
import { pick } from '../../engine/pick';
import type { Change } from '../../engine/types';
import type { ObjectMeta } from '../../kube/types';
import { isRenumbering } from '../renumber';
import type { EndpointSlice, Service, ServicePort } from '../types';

/** Where a mirrored Service lies, and the marks by which it is known again. */
export interface MirrorTarget {
  readonly metadata: ObjectMeta & { readonly namespace: string; readonly name: string };
  /** Whether tenants look at it: what only the host's networking needs to know then stays away. */
  readonly forTenants: boolean;
}

/** The label by which Kubernetes knows whose addresses a slice holds. */
export const SERVICE_NAME = 'kubernetes.io/service-name';

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/** Who keeps the slices of mirrored Services. */
const MIRROR = 'mirror.sublet.dev';

/**
 * The Service that stands for another: it has the same ports and no selector, and its slices lead to the same pods or
 * addresses. Load balancers, node ports and addresses are not asked for a second time. A name that only DNS knows
 * (ExternalName) stays one.
 */
export function mirroredService(source: Service, { metadata }: MirrorTarget): Service {
  const { spec = {} } = source;
  const base = { apiVersion: 'v1', kind: 'Service', metadata };
  if (spec.type === 'ExternalName')
    return { ...base, spec: { type: 'ExternalName', externalName: spec.externalName ?? '' } };
  return {
    ...base,
    spec: {
      type: 'ClusterIP',
      ...(spec.clusterIP === 'None' && { clusterIP: 'None' }),
      ports: (spec.ports ?? []).map(mirroredPort),
      ...pick(spec, ['sessionAffinity', 'internalTrafficPolicy', 'publishNotReadyAddresses']),
    },
  };
}

/** The writes that bring the standing-in Service to what is desired. */
export function mirroredServiceChanges(desired: Service, current: Service): readonly Change[] {
  // Between two steps that bring another address its type is another, and its spec is kept in an annotation.
  if (isRenumbering(current)) return [];
  const headless = (service: Service) => service.spec?.clusterIP === 'None';
  if (desired.spec?.type !== 'ExternalName' && current.spec?.clusterIP && headless(desired) !== headless(current)) {
    return [{ kind: 'recreate', reason: 'a Service can not become headless, or cease to be so' }];
  }
  const patch = mergePatch(desired, current, [
    'spec.type',
    'spec.externalName',
    'spec.selector',
    'spec.publishNotReadyAddresses',
    { path: 'spec.ports', hostAssigned: ['nodePort', 'targetPort', 'protocol'] },
    ...(desired.spec?.sessionAffinity ? ['spec.sessionAffinity'] : []),
    ...(desired.spec?.internalTrafficPolicy ? ['spec.internalTrafficPolicy'] : []),
  ]);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The slice that stands for another. Its name is made from the other's, so that it stays the same. */
export function mirroredSlice(source: EndpointSlice, target: MirrorTarget): EndpointSlice {
  const { namespace, name, labels, ...marks } = target.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...marks,
      namespace,
      name: `${name}-${shortHash(source.metadata.name ?? '')}`,
      labels: { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: MIRROR },
    },
    addressType: source.addressType,
    endpoints: (source.endpoints ?? []).map((endpoint) => mirroredEndpoint(endpoint, target)),
    ports: source.ports ?? [],
  };
}

/** The writes that bring a slice to what is desired. */
export function mirroredSliceChanges(desired: EndpointSlice, current: EndpointSlice): readonly Change[] {
  if (desired.addressType !== current.addressType) return [{ kind: 'recreate', reason: 'its address type differs' }];
  const patch = mergePatch(
    desired,
    current,
    ['endpoints', 'ports'].map((path) => ({ path, hostAssigned: [] })),
  );
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

function mirroredPort(port: ServicePort): ServicePort {
  // The slices say where the traffic goes; a named target port would be looked up in pods that are not there.
  return { ...pick(port, ['name', 'protocol', 'appProtocol']), port: port.port };
}

function mirroredEndpoint(endpoint: Endpoint, { forTenants }: MirrorTarget): Endpoint {
  return {
    addresses: endpoint.addresses,
    ...pick(endpoint, ['conditions', 'hostname']),
    ...(forTenants ? {} : pick(endpoint, ['nodeName', 'zone', 'hints'])),
  };
}
