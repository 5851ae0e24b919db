import * as z from 'zod';
import type { KubeClient } from '../kube/types';
import { METRICS_API, type NodeMetrics, type PodMetrics } from './types';

/** What the host's metrics API says. */
export interface HostMetrics {
  /** Whether the host serves the API at all. */
  isServed(): Promise<boolean>;
  /** Measurements of this virtual cluster's pods in a host namespace, by their names there. */
  pods(hostNamespace: string): Promise<ReadonlyMap<string, PodMetrics>>;
  /** Measurements of the host's nodes, by name. */
  nodes(): Promise<ReadonlyMap<string, NodeMetrics>>;
}

const metadata = z.object({ name: z.string() });
const usage = z.record(z.string(), z.string());
const measured = { metadata, timestamp: z.string(), window: z.string() };
const podList = z.object({
  items: z.array(z.object({ ...measured, containers: z.array(z.object({ name: z.string(), usage })) })),
});
const nodeList = z.object({ items: z.array(z.object({ ...measured, usage })) });

const ROOT = `/apis/${METRICS_API.group}/${METRICS_API.version}`;

/**
 * Reads the host's metrics API. Requests that come while one for the same is under way share its answer, so that a
 * tenant can't make the host's metrics-server work more by asking more often at once.
 *
 * @param labelSelector which pods are this virtual cluster's: the host's metrics API knows pods' labels. @default all
 */
export function hostMetrics(host: Pick<KubeClient, 'raw'>, labelSelector = ''): HostMetrics {
  const underWay = new Map<string, Promise<unknown>>();
  const read = (path: string): Promise<unknown> => {
    const running = underWay.get(path);
    if (running !== undefined) return running;
    const answer = host.raw(path, { timeoutMs: TIMEOUT_MS }).finally(() => underWay.delete(path));
    underWay.set(path, answer);
    return answer;
  };
  return {
    async isServed() {
      // Group lists are open to every authenticated client, and a group without a working server is not among them.
      const groups = z.object({ groups: z.array(z.object({ name: z.string() })) }).parse(await read('/apis'));
      return groups.groups.some(({ name }) => name === METRICS_API.group);
    },
    async pods(hostNamespace) {
      const query = `labelSelector=${encodeURIComponent(labelSelector)}`;
      const { items } = podList.parse(await read(`${ROOT}/namespaces/${hostNamespace}/pods?${query}`));
      return new Map(items.map((item) => [item.metadata.name, item]));
    },
    async nodes() {
      const { items } = nodeList.parse(await read(`${ROOT}/nodes`));
      return new Map(items.map((item) => [item.metadata.name, item]));
    },
  };
}

/** Kubernetes' autoscaler gives up sooner than the usual thirty seconds. */
const TIMEOUT_MS = 10_000;
