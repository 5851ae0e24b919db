import { type ConfigMap, type Secret, withoutData } from '../config';
import { spansNamespaces } from '../engine/host-namespace';
import { ownObjects } from '../engine/placement';
import { LOOPBACK_BACKOFF } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import type { HostEvent } from '../events';
import { createReflector } from '../kube/reflector';
import type { Reflector } from '../kube/reflector-options';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject, ListQuery, Resource } from '../kube/types';
import type { Node } from '../nodes';
import type { Logger } from '../observability/logger';
import { BY_NAMESPACE } from '../pods/context';
import type { Pod } from '../pods/types';
import { withoutEnv } from '../pods/without-env';
import { TENANT_ENDPOINTS, TENANT_SLICES } from '../services/sync';
import type { EndpointSlice, Endpoints, Service } from '../services/types';
import { BY_ADDRESS, podAddresses, serviceAddresses } from './egress-facts';

/** Name of the index of pods by the node that they are bound to. */
export const BY_NODE = 'node';

/** Local copies of what the syncer must know, one watch a kind and side. */
export interface Caches {
  readonly virtual: {
    readonly pods: Reflector<Pod>;
    readonly services: Reflector<Service>;
    readonly endpoints: Reflector<Endpoints>;
    readonly endpointSlices: Reflector<EndpointSlice>;
    /** Metadata only: most of them never reach the host. */
    readonly configMaps: Reflector<ConfigMap>;
    readonly secrets: Reflector<Secret>;
    readonly namespaces: Reflector<KubeObject>;
    readonly nodes: Reflector<Node>;
  };
  readonly host: {
    readonly pods: Reflector<Pod>;
    readonly services: Reflector<Service>;
    readonly endpoints: Reflector<Endpoints>;
    readonly endpointSlices: Reflector<EndpointSlice>;
    /** With a hash in place of their data. */
    readonly configMaps: Reflector<ConfigMap>;
    readonly secrets: Reflector<Secret>;
    readonly events: Reflector<HostEvent>;
  };
}

/** Makes all caches; they are empty until they run. */
export function createCaches(virtual: KubeClient, host: KubeClient, context: ClusterContext, logger: Logger): Caches {
  const ours = ownObjects(context);
  const virtualCache = <T extends KubeObject>(resource: Resource, query: ListQuery = {}) =>
    createReflector<T>({ client: virtual, resource, query, logger, backoff: LOOPBACK_BACKOFF });
  const byNode = { [BY_NODE]: (pod: Pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []) };
  const hostPodIndexes = { ...byNode, [BY_ADDRESS]: podAddresses };
  const hostServiceIndexes = { [BY_ADDRESS]: serviceAddresses };
  return {
    virtual: {
      pods: createReflector<Pod>({
        client: virtual,
        resource: RESOURCES.pods,
        query: {},
        indexers: byNode,
        logger,
        backoff: LOOPBACK_BACKOFF,
      }),
      services: createReflector<Service>({
        client: virtual,
        resource: RESOURCES.services,
        query: {},
        indexers: { [BY_NAMESPACE]: (service) => [service.metadata.namespace ?? ''] },
        logger,
        backoff: LOOPBACK_BACKOFF,
      }),
      endpoints: virtualCache<Endpoints>(RESOURCES.endpoints, { labelSelector: TENANT_ENDPOINTS }),
      endpointSlices: virtualCache<EndpointSlice>(RESOURCES.endpointSlices, { labelSelector: TENANT_SLICES }),
      configMaps: virtualCache<ConfigMap>(RESOURCES.configMaps, { metadataOnly: true }),
      secrets: virtualCache<Secret>(RESOURCES.secrets, { metadataOnly: true }),
      namespaces: virtualCache(RESOURCES.namespaces, { metadataOnly: true }),
      nodes: virtualCache<Node>(RESOURCES.nodes),
    },
    host: {
      pods: createReflector<Pod>({
        client: host,
        resource: RESOURCES.pods,
        query: ours,
        transform: withoutEnv,
        indexers: hostPodIndexes,
        logger,
      }),
      services: createReflector<Service>({
        client: host,
        resource: RESOURCES.services,
        query: ours,
        indexers: hostServiceIndexes,
        logger,
      }),
      endpoints: createReflector<Endpoints>({ client: host, resource: RESOURCES.endpoints, query: ours, logger }),
      endpointSlices: createReflector<EndpointSlice>({
        client: host,
        resource: RESOURCES.endpointSlices,
        query: ours,
        logger,
      }),
      configMaps: createReflector<ConfigMap>({
        client: host,
        resource: RESOURCES.configMaps,
        query: ours,
        transform: withoutData,
        logger,
      }),
      secrets: createReflector<Secret>({
        client: host,
        resource: RESOURCES.secrets,
        query: ours,
        transform: withoutData,
        logger,
      }),
      events: createReflector<HostEvent>({
        client: host,
        resource: RESOURCES.events,
        query: spansNamespaces(context) ? {} : { namespace: context.hostNamespace },
        logger,
      }),
    },
  };
}

/** Every reflector of {@link Caches}. */
export function reflectorsOf({ virtual, host }: Caches): readonly Reflector<KubeObject>[] {
  return [...Object.values(virtual), ...Object.values(host)];
}
