import { isImported } from '../engine/import-syncer';
import { ownObjects } from '../engine/placement';
import type { ClusterContext } from '../engine/types';
import { type KubeClient, type KubeObject, keyOf } from '../kube/types';
import type { PodLookup, ServingCertificates } from '../kubelet/types';
import { type HostMetrics, hostMetrics } from '../metrics-api/host-metrics';
import type { Measured } from '../metrics-api/measure';
import { createMetricsServer, type MetricsServer } from '../metrics-api/server';
import { isOwnNode } from '../nodes';
import type { Logger } from '../observability/logger';
import { BY_NODE, type Caches } from './caches';

/** The metrics API of the virtual cluster, and the host's from which it comes. */
export interface MetricsApi {
  readonly host: HostMetrics;
  readonly server: MetricsServer;
}

/** What the metrics API reads from. */
export interface MetricsApiParts {
  readonly host: KubeClient;
  readonly caches: Caches;
  readonly lookup: PodLookup;
  /** The host's nodes that may be shown; `undefined` where none may. */
  readonly hostNodes: HostNodes | undefined;
}

/** Opens the metrics API, unless the configuration says that there is to be none. */
export function openMetricsApi(
  context: ClusterContext,
  { host, caches, lookup, hostNodes }: MetricsApiParts,
  /** Those of the kubelet API, and the authority of front proxies. */
  { certificates, frontProxy }: { readonly certificates: ServingCertificates; readonly frontProxy: string },
  logger: Logger,
): MetricsApi | undefined {
  if (context.sections.nodes.metrics.source === 'none') return undefined;
  const metrics = hostMetrics(host, ownObjects(context).labelSelector);
  const server = createMetricsServer({
    measured: measured(caches, lookup, hostNodes),
    host: metrics,
    certificates: {
      current: () => ({ ...certificates.current(), clientAuthority: frontProxy }),
      subscribe: (listener) => certificates.subscribe(listener),
    },
    logger,
  });
  return { host: metrics, server };
}

/**
 * Whether a virtual node shows the host's node. Its marks alone don't tell: tenants can give them to a node that they call
 * as one that they may not see.
 * @param hostNodes the host's nodes that may be shown
 */
export function showsHost(node: KubeObject | undefined, hostNodes: HostNodes | undefined): boolean {
  return node !== undefined && isImported(node) && hostNodes?.get(keyOf(node)) !== undefined;
}

type HostNodes = { get(name: string): KubeObject | undefined };

function measured({ virtual }: Caches, lookup: PodLookup, hostNodes: HostNodes | undefined): Measured {
  return {
    pods: (namespace) =>
      virtual.pods.list().filter((pod) => (namespace ?? pod.metadata.namespace) === pod.metadata.namespace),
    podsOn: (node) => virtual.pods.byIndex(BY_NODE, node),
    place: ({ metadata: { namespace = '', name = '', uid } }) => lookup.find(namespace, name, uid),
    nodes: () => virtual.nodes.list().filter(isOwnNode),
    showsHost: (node) => showsHost(node, hostNodes),
  };
}
