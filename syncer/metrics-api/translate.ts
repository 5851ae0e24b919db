import { parseQuantity } from '../../lib/contract/quantity';
import type { KubeObject } from '../kube/types';
import type { NodeMetrics, PodMetrics, Usage } from './types';

/** A pod's measurements under the virtual pod's name, of the containers that the tenant knows. */
export function virtualPodMetrics(virtual: KubeObject, host: PodMetrics, containers: readonly string[]): PodMetrics {
  const { name, namespace, labels } = virtual.metadata;
  return {
    metadata: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: host.timestamp,
      ...(labels && { labels }),
    },
    timestamp: host.timestamp,
    window: host.window,
    containers: host.containers.filter(({ name: container }) => containers.includes(container)),
  };
}

/** The measurements of a host node under the virtual node's labels. */
export function virtualNodeMetrics(virtual: KubeObject, host: NodeMetrics): NodeMetrics {
  const { timestamp, window, usage } = host;
  return { metadata: nodeMetadata(virtual, timestamp), timestamp, window, usage };
}

/**
 * What a node that shows nothing of the host's is using: what the tenant's own pods on it use. Undefined while none of
 * them was measured.
 */
export function sumOfPods(virtual: KubeObject, pods: readonly PodMetrics[]): NodeMetrics | undefined {
  const [oldest] = [...pods].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  if (oldest === undefined) return undefined;
  const { timestamp, window } = oldest;
  const usage = sumOfUsage(pods.flatMap(({ containers }) => containers.map((container) => container.usage)));
  return { metadata: nodeMetadata(virtual, timestamp), timestamp, window, usage };
}

function nodeMetadata({ metadata: { name, labels } }: KubeObject, creationTimestamp: string) {
  return { ...(name !== undefined && { name }), creationTimestamp, ...(labels && { labels }) };
}

/** In the units in which a metrics-server states them: billionths of a CPU, and KiB. */
function sumOfUsage(all: readonly Usage[]): Usage {
  const total = (resource: string): bigint =>
    all.reduce((sum, usage) => sum + (parseQuantity(usage[resource] ?? '0') ?? 0n), 0n);
  return { cpu: `${total('cpu')}n`, memory: `${total('memory') / (1024n * 1_000_000_000n)}Ki` };
}
