import { isIPv6 } from 'node:net';
import type { EndpointSubset } from 'kubernetes-types/core/v1';
import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import { PORTS } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject, RequestOptions, Resource } from '../kube/types';
import { KUBERNETES_SERVICE } from './kubernetes-service';

interface Endpoints extends KubeObject {
  readonly subsets?: readonly EndpointSubset[];
}

interface EndpointSlice extends KubeObject {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly EndpointPort[];
}

/** The objects that say where the API servers behind `default/kubernetes` are. */
export interface KubernetesEndpoints {
  readonly endpoints: Endpoints;
  readonly slice: EndpointSlice;
}

/**
 * The endpoints of `default/kubernetes`, as kube-apiserver writes them when that is its own task: it is ours, because
 * the addresses that it knows are those of one pod only. `podIps`: addresses of the control plane's pods, of one family.
 */
export function kubernetesEndpoints(podIps: readonly string[]): KubernetesEndpoints {
  const addresses = [...podIps].sort();
  const port = { name: 'https', port: PORTS.apiServer, protocol: 'TCP' } as const;
  return {
    endpoints: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      // The slice is written here as well, so that the controller that mirrors Endpoints must not make a second one.
      metadata: { ...KUBERNETES_SERVICE, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [port] }],
    },
    slice: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...KUBERNETES_SERVICE, labels: { 'kubernetes.io/service-name': KUBERNETES_SERVICE.name } },
      addressType: addresses.some(isIPv6) ? 'IPv6' : 'IPv4',
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
      ports: [port],
    },
  };
}

/** Brings Endpoints and EndpointSlice of `default/kubernetes` to the addresses given. Writes only what differs. */
export async function ensureKubernetesEndpoints(
  client: KubeClient,
  podIps: readonly string[],
  options?: RequestOptions,
): Promise<void> {
  const { endpoints, slice } = kubernetesEndpoints(podIps);
  await ensure(client, RESOURCES.endpoints, endpoints, (current) => same(current.subsets, endpoints.subsets), options);
  const sameSlice = (current: EndpointSlice) =>
    current.addressType === slice.addressType &&
    same(current.endpoints, slice.endpoints) &&
    same(current.ports, slice.ports);
  await ensure(client, RESOURCES.endpointSlices, slice, sameSlice, options);
}

async function ensure<T extends KubeObject>(
  client: KubeClient,
  resource: Resource,
  wanted: T,
  isSame: (current: T) => boolean,
  options?: RequestOptions,
): Promise<void> {
  const { namespace, name } = KUBERNETES_SERVICE;
  for (let attempt = 0; ; attempt++) {
    const current = await client.get<T>(resource, namespace, name, options);
    if (current !== undefined && isSame(current)) return;
    try {
      if (current === undefined) await client.create(resource, namespace, wanted, options);
      else {
        const { resourceVersion = '' } = current.metadata;
        await client.update(resource, { ...wanted, metadata: { ...wanted.metadata, resourceVersion } }, options);
      }
      return;
    } catch (error) {
      const overtaken = error instanceof ApiError && error.status === 409;
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}

const ATTEMPTS = 5;

/** Compares what was written with what the API server made of it: it adds defaults and sorts keys. */
function same(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(current) || current.length !== wanted.length) return false;
    return wanted.every((entry, index) => same(current[index], entry));
  }
  if (typeof wanted !== 'object' || wanted === null) return current === wanted;
  if (typeof current !== 'object' || current === null) return false;
  const fields = new Map(Object.entries(current));
  return Object.entries(wanted).every(([key, value]) => same(fields.get(key), value));
}
