import type { SyncedKind } from '../engine/kind';
import { hostKeyOf } from '../engine/placement';
import type { ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import { keyOf } from '../kube/types';
import { withoutAllocations } from './allocation';
import { serviceToVirtual } from './back';
import { serviceChanges } from './changes';
import { endpointSliceChanges, serviceOfSlice, toHostEndpointSlice } from './endpoint-slices';
import { endpointsChanges, isLeftByController, toHostEndpoints } from './endpoints';
import { toHostService } from './translate';
import type { EndpointSlice, Endpoints, Service } from './types';

/**
 * Services, as the engine copies them.
 * @param hostCopy the host Service of a key as it is now. @default none is known
 */
export function serviceKind(
  context: ClusterContext,
  hostCopy: (key: string) => Service | undefined = () => undefined,
): SyncedKind<Service, Service> {
  return {
    resource: RESOURCES.services,
    trigger: 'always',
    translate: (virtual) => toHostService(virtual, context, hostCopy(hostKeyOf(keyOf(virtual), context, 'Service'))),
    changes: serviceChanges,
    back(host, virtual) {
      const back = serviceToVirtual(host, virtual);
      return back.kind === 'nothing' ? [] : back.changes;
    },
    createInstead: withoutAllocations,
  };
}

/** How Services are looked up on either side, by key. */
export interface ServiceLookup {
  virtual(key: string): Service | undefined;
  host(key: string): Service | undefined;
  /** Whether a pod of this virtual cluster has an address. @default none has */
  isOwnPod?(address: string): boolean;
}

/** Endpoints of Services without a selector. */
export function endpointsKind(context: ClusterContext, services: ServiceLookup): SyncedKind<Endpoints, Endpoints> {
  return {
    resource: RESOURCES.endpoints,
    trigger: 'always',
    translate(virtual) {
      const { namespace, name } = virtual.metadata;
      return toHostEndpoints(virtual, services.virtual(`${namespace}/${name}`), context, services.isOwnPod);
    },
    changes: endpointsChanges,
    replaces: (existing) => isLeftByController(existing, services.host(keyOf(existing)), context),
  };
}

/** EndpointSlices that a tenant keeps for a Service without a selector. */
export function endpointSliceKind(
  context: ClusterContext,
  services: ServiceLookup,
): SyncedKind<EndpointSlice, EndpointSlice> {
  return {
    resource: RESOURCES.endpointSlices,
    trigger: 'always',
    translate(virtual) {
      const { namespace } = virtual.metadata;
      return toHostEndpointSlice(
        virtual,
        services.virtual(`${namespace}/${serviceOfSlice(virtual)}`),
        context,
        services.isOwnPod,
      );
    },
    changes: endpointSliceChanges,
  };
}

/**
 * Label selectors of the virtual watches: what Kubernetes' own controllers keep is found by the host itself, and would
 * only cost traffic with every pod that becomes ready.
 */
export const TENANT_ENDPOINTS = 'endpoints.kubernetes.io/managed-by!=endpoint-controller';
export const TENANT_SLICES =
  'endpointslice.kubernetes.io/managed-by notin (endpointslice-controller.k8s.io,endpointslicemirroring-controller.k8s.io)';
