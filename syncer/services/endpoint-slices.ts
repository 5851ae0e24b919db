import type { Endpoint } from 'kubernetes-types/discovery/v1';
import { mergePatch } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import { hostNameOf } from '../engine/placement';
import type { Change, ClusterContext, Translation } from '../engine/types';
import { translatedFor } from './endpoints';
import { type IsOwnPod, refusedEndpoint } from './isolated-address';
import { hostTargetRef } from './target-ref';
import type { EndpointSlice, Service } from './types';

/** Labels by which Kubernetes knows whose addresses a slice holds, and which controller keeps it. */
const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/** Controllers whose slices the host makes itself, from the host Service or the host Endpoints. */
const HOST_DOES_THE_SAME: readonly (string | undefined)[] = [
  'endpointslice-controller.k8s.io',
  'endpointslicemirroring-controller.k8s.io',
];

/** Tells the host's own controllers that they need not care for a slice of ours. */
const OUR_SLICES = 'sublet.dev';

/** The name of the virtual Service whose addresses a slice holds. */
export function serviceOfSlice(slice: EndpointSlice): string | undefined {
  return slice.metadata.labels?.[SERVICE_NAME];
}

/** The host slice of a virtual one; `service` is the virtual Service that {@link serviceOfSlice} names. */
export function toHostEndpointSlice(
  v: EndpointSlice,
  service: Service | undefined,
  ctx: ClusterContext,
  isOwnPod: IsOwnPod = () => false,
): Translation<EndpointSlice> {
  const { namespace = '', labels = {} } = v.metadata;
  const serviceName = serviceOfSlice(v);
  if (serviceName === undefined) return { kind: 'skip', reason: 'it is the slice of no Service' };
  if (HOST_DOES_THE_SAME.includes(labels[MANAGED_BY])) return { kind: 'skip', reason: 'the host makes its own slice' };
  if (v.addressType === 'FQDN') return { kind: 'skip', reason: 'names as endpoints are served by nobody' };
  if (service === undefined) return { kind: 'wait', reason: 'its Service does not exist' };
  if (!translatedFor(service, ctx))
    return { kind: 'skip', reason: 'the host finds the endpoints of this Service itself' };
  const refused = refusedAddress(v, ctx, isOwnPod);
  if (refused !== undefined) return refused;
  const { [SERVICE_NAME]: _, [MANAGED_BY]: __, ...ownLabels } = labels;
  return {
    kind: 'object',
    object: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: hostMetadata({ ...v, metadata: { ...v.metadata, labels: ownLabels } }, ctx, {
        kind: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
        labels: { [SERVICE_NAME]: hostNameOf(serviceName, namespace, ctx), [MANAGED_BY]: OUR_SLICES },
      }),
      addressType: v.addressType,
      endpoints: (v.endpoints ?? []).map((endpoint) => hostEndpoint(endpoint, namespace, ctx)),
      ports: v.ports ?? [],
    },
  };
}

/** The writes that bring a host slice to what is desired. */
export function endpointSliceChanges(desired: EndpointSlice, current: EndpointSlice): readonly Change[] {
  if (desired.addressType !== current.addressType) {
    return [{ kind: 'recreate', reason: 'the address type of a slice can not be changed' }];
  }
  const owned = ['endpoints', 'ports'].map((path) => ({ path, hostAssigned: [] }));
  const patch = mergePatch(desired, current, owned);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

function hostEndpoint(endpoint: Endpoint, namespace: string, ctx: ClusterContext): Endpoint {
  const targetRef = hostTargetRef(endpoint.targetRef, namespace, ctx);
  return {
    addresses: endpoint.addresses,
    ...pick(endpoint, ['conditions', 'hints', 'hostname', 'nodeName', 'zone']),
    ...(targetRef && { targetRef }),
  };
}

function refusedAddress(
  v: EndpointSlice,
  ctx: ClusterContext,
  isOwnPod: IsOwnPod,
): Translation<EndpointSlice> | undefined {
  for (const [index, endpoint] of (v.endpoints ?? []).entries()) {
    for (const [position, address] of endpoint.addresses.entries()) {
      const what = refusedEndpoint(address, ctx, isOwnPod);
      if (what === undefined) continue;
      const field = `endpoints[${index}].addresses[${position}]`;
      return { kind: 'refused', reason: 'AddressForbidden', field, message: `${field}: ${address} is ${what}` };
    }
  }
  return undefined;
}
