import { isImported } from '../engine/import-syncer';
import { ownObjects } from '../engine/placement';
import type { ClusterContext } from '../engine/types';
import type { KubeClient } from '../kube/types';
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

/** Opens the metrics API, unless the configuration says that there is to be none. */
export function openMetricsApi(
  context: ClusterContext,
  { host, caches, lookup }: { readonly host: KubeClient; readonly caches: Caches; readonly lookup: PodLookup },
  /** Those of the kubelet API, and the authority of front proxies. */
  { certificates, frontProxy }: { readonly certificates: ServingCertificates; readonly frontProxy: string },
  logger: Logger,
): MetricsApi | undefined {
  if (context.sections.nodes.metrics.source === 'none') return undefined;
  const metrics = hostMetrics(host, ownObjects(context).labelSelector);
  const server = createMetricsServer({
    measured: measured(caches, lookup),
    host: metrics,
    certificates: {
      current: () => ({ ...certificates.current(), clientAuthority: frontProxy }),
      subscribe: (listener) => certificates.subscribe(listener),
    },
    logger,
  });
  return { host: metrics, server };
}

/** Whether a virtual node shows the host's node. */
export function showsHost({ virtual }: Caches, node: string): boolean {
  const found = virtual.nodes.get(node);
  return found !== undefined && isImported(found);
}

function measured({ virtual }: Caches, lookup: PodLookup): Measured {
  return {
    pods: (namespace) =>
      virtual.pods.list().filter((pod) => (namespace ?? pod.metadata.namespace) === pod.metadata.namespace),
    podsOn: (node) => virtual.pods.byIndex(BY_NODE, node),
    place: ({ metadata: { namespace = '', name = '', uid } }) => lookup.find(namespace, name, uid),
    nodes: () => virtual.nodes.list().filter(isOwnNode),
    showsHost: isImported,
  };
}
