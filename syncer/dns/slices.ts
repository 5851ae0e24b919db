import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import { createReflector } from '../kube/reflector';
import type { Reflector } from '../kube/reflector-options';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject } from '../kube/types';
import type { Logger } from '../observability/logger';

/** An EndpointSlice as far as DNS needs it: of thousands of them, most is of no interest. */
export interface DnsSlice extends KubeObject {
  readonly addressType: string;
  /** Those that are ready only, or that are to be found before they are. */
  readonly endpoints: readonly DnsEndpoint[];
  readonly ports: readonly Pick<EndpointPort, 'name' | 'protocol' | 'port'>[];
}

/** One endpoint: its address, and its name where the pod chose one. */
export interface DnsEndpoint {
  readonly address: string;
  readonly hostname?: string;
}

/** Name of the index of slices by their Service (`namespace/name`). */
export const BY_SERVICE = 'service';

/** Name of the index of slices by the addresses whose names a reverse lookup gives. */
export const BY_NAMED_ADDRESS = 'address';

const SERVICE_NAME = 'kubernetes.io/service-name';

/**
 * The label that Kubernetes' controller puts on slices of headless Services, whose endpoints all have names.
 * Source: `k8s.io/api/core/v1.IsHeadlessService`.
 */
const HEADLESS = 'service.kubernetes.io/headless';

/** A slice as the API server sends it, or reduced already. */
interface FullSlice extends KubeObject {
  readonly addressType: string;
  readonly endpoints?: readonly (Endpoint | DnsEndpoint)[];
  readonly ports?: DnsSlice['ports'];
}

/** Reduces a slice to what DNS needs. */
export function dnsSlice(slice: FullSlice): DnsSlice {
  const { name, namespace, uid, resourceVersion, labels = {} } = slice.metadata;
  const kept = Object.fromEntries(Object.entries(labels).filter(([key]) => key === SERVICE_NAME || key === HEADLESS));
  const endpoints = slice.addressType === 'FQDN' ? [] : (slice.endpoints ?? []);
  return {
    metadata: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      labels: kept,
    },
    addressType: slice.addressType,
    endpoints: endpoints.flatMap(readyEndpoints),
    ports: (slice.ports ?? []).map(({ name: port = '', protocol = 'TCP', port: number }) => ({
      name: port,
      protocol,
      ...(number !== undefined && { port: number }),
    })),
  };
}

function readyEndpoints(endpoint: Endpoint | DnsEndpoint): readonly DnsEndpoint[] {
  if ('address' in endpoint) return [endpoint];
  const { addresses, conditions, hostname } = endpoint;
  if (conditions?.ready === false) return [];
  return addresses.map((address) => ({ address, ...(hostname && { hostname: hostname.toLowerCase() }) }));
}

/** The key of the Service that a slice belongs to, `undefined` when it belongs to none. */
export function serviceKeyOf({ metadata: { namespace, labels } }: DnsSlice): string | undefined {
  const service = labels?.[SERVICE_NAME];
  return service === undefined ? undefined : `${namespace}/${service}`;
}

/** How {@link DnsSlice}s are found. */
export const SLICE_INDEXES = {
  [BY_SERVICE]: (slice: DnsSlice): readonly string[] => {
    const key = serviceKeyOf(slice);
    return key === undefined ? [] : [key];
  },
  [BY_NAMED_ADDRESS]: (slice: DnsSlice): readonly string[] => {
    const isHeadless = slice.metadata.labels?.[HEADLESS] !== undefined;
    return slice.endpoints.filter(({ hostname }) => isHeadless || hostname !== undefined).map(({ address }) => address);
  },
};

/** A watch of all slices: those that a tenant keeps, and those of Kubernetes' controllers, which no other watch sees. */
export function watchSlices(virtual: KubeClient, logger: Logger): Reflector<DnsSlice> {
  return createReflector<DnsSlice>({
    client: virtual,
    resource: RESOURCES.endpointSlices,
    query: {},
    transform: dnsSlice,
    indexers: SLICE_INDEXES,
    logger,
    backoff: { baseMs: 200, capMs: 2_000 },
  });
}
