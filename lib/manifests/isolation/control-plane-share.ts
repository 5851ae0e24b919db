import { type Amounts, NANO, parseQuantity, podAmounts, type SizedPodSpec } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { hasMarker, isMarker } from '../../spec/markers';
import { podTemplate } from '../statefulset';

/** One container of the control plane, as far as its size is known. */
export interface SizedContainer {
  readonly name: string;
  readonly requests: { readonly [resource: string]: string };
  readonly limits: { readonly [resource: string]: string };
}

/** The containers of the control-plane pod. */
export function controlPlaneContainers(spec: ResolvedSpec): readonly SizedContainer[] {
  const pod = podTemplate(spec).spec;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].map(({ name, resources }) => ({
    name,
    requests: resources?.requests ?? {},
    limits: resources?.limits ?? {},
  }));
}

/**
 * How much of each resource of a ResourceQuota the control plane itself takes in its host namespace. Undefined where
 * that can't be said: one of its containers names no amount, or one that comes only at deployment.
 */
export function controlPlaneShare(spec: ResolvedSpec, resource: string): bigint | undefined {
  const [side, name = ''] = splitAtDot(resource);
  if (resource === 'requests.storage') return storeSize(spec);
  if (side === 'requests' || side === 'limits') return podShare(spec, side, name);
  const { replicas } = spec.controlPlane;
  const published = [spec.controlPlane.service.type, endpointService(spec)].filter((type) => type !== 'ClusterIP');
  switch (resource) {
    case 'pods':
      return isMarker(replicas) ? undefined : BigInt(replicas) * NANO;
    case 'persistentvolumeclaims':
      return hasClaim(spec) ? NANO : 0n;
    case 'services.loadbalancers':
      return BigInt(published.filter((type) => type === 'LoadBalancer').length) * NANO;
    case 'services.nodeports':
      return BigInt(published.length) * NANO;
    default:
      return undefined;
  }
}

function podShare(spec: ResolvedSpec, side: 'requests' | 'limits', resource: string): bigint | undefined {
  const containers = controlPlaneContainers(spec);
  const isCounted = resource === 'cpu' || resource === 'memory';
  const named = containers.map((container) => container[side][resource]);
  if (named.some((text) => text !== undefined && hasMarker(text))) return undefined;
  // A ResourceQuota over CPU or memory refuses every pod with a container that names none.
  if (isCounted && named.some((text) => text === undefined)) return undefined;
  const pod = podTemplate(spec).spec;
  const sized: SizedPodSpec | undefined = pod && {
    containers: pod.containers,
    initContainers: pod.initContainers ?? [],
  };
  const amounts: Amounts = sized === undefined ? new Map() : podAmounts(sized, side);
  if (isMarker(spec.controlPlane.replicas)) return undefined;
  return (amounts.get(resource) ?? 0n) * BigInt(spec.controlPlane.replicas);
}

/** Only a store in the pod has a volume, and then there is one pod. */
function hasClaim({ store }: ResolvedSpec): boolean {
  return store.kind === 'sqlite' && store.persistence.kind === 'volumeClaim';
}

function storeSize({ store }: ResolvedSpec): bigint | undefined {
  if (store.kind !== 'sqlite' || store.persistence.kind === 'ephemeral') return 0n;
  const { persistence } = store;
  return hasMarker(persistence.size) ? undefined : parseQuantity(persistence.size);
}

/** A policy of its own may declare the endpoint: one that is not known counts as a load balancer. */
function endpointService({ endpoint }: ResolvedSpec): 'ClusterIP' | 'NodePort' | 'LoadBalancer' {
  if (endpoint === undefined || endpoint.via === 'loadBalancer') return 'LoadBalancer';
  return endpoint.via === 'nodePort' ? 'NodePort' : 'ClusterIP';
}

function splitAtDot(resource: string): readonly [side: string, name: string | undefined] {
  const dot = resource.indexOf('.');
  return dot < 0 ? [resource, undefined] : [resource.slice(0, dot), resource.slice(dot + 1)];
}
