import type { KubeObject } from '../kube/types';
import type { HostMetrics } from './host-metrics';
import { sumOfPods, virtualNodeMetrics, virtualPodMetrics } from './translate';
import type { NodeMetrics, PodMetrics } from './types';

/** What is known of the virtual cluster's pods and nodes, all of it from caches. */
export interface Measured {
  /** The virtual pods of a namespace, or of all. */
  pods(namespace: string | undefined): readonly KubeObject[];
  /** The virtual pods on a node. */
  podsOn(node: string): readonly KubeObject[];
  /** Where a virtual pod really runs, undefined while it does not. */
  place(
    pod: KubeObject,
  ): { readonly hostName: string; readonly hostNamespace: string; readonly containers: readonly string[] } | undefined;
  /** The virtual nodes that stand for nodes of the host. */
  nodes(): readonly KubeObject[];
  /** Whether a virtual node shows the host's node, so that all that runs there is no secret. */
  showsHost(node: KubeObject): boolean;
}

/** The measurements of these virtual pods, as far as the host has measured them. */
export async function measurePods(
  pods: readonly KubeObject[],
  measured: Measured,
  host: HostMetrics,
): Promise<readonly PodMetrics[]> {
  const placed = pods.flatMap((pod) => {
    const place = measured.place(pod);
    return place === undefined ? [] : [{ pod, place }];
  });
  const namespaces = [...new Set(placed.map(({ place }) => place.hostNamespace))];
  const answers = await Promise.all(namespaces.map(async (name) => [name, await host.pods(name)] as const));
  const byNamespace = new Map(answers);
  return placed.flatMap(({ pod, place }) => {
    const found = byNamespace.get(place.hostNamespace)?.get(place.hostName);
    return found === undefined ? [] : [virtualPodMetrics(pod, found, place.containers)];
  });
}

/** The measurements of these virtual nodes: those of the host's nodes where they show them, else the sum of own pods. */
export async function measureNodes(
  nodes: readonly KubeObject[],
  measured: Measured,
  host: HostMetrics,
): Promise<readonly NodeMetrics[]> {
  const ofHost = nodes.some((node) => measured.showsHost(node)) ? await host.nodes() : new Map<string, NodeMetrics>();
  const all = await Promise.all(
    nodes.map(async (node) => {
      const name = node.metadata.name ?? '';
      if (!measured.showsHost(node)) {
        return sumOfPods(node, await measurePods(measured.podsOn(name), measured, host));
      }
      const found = ofHost.get(name);
      return found === undefined ? undefined : virtualNodeMetrics(node, found);
    }),
  );
  return all.filter((one) => one !== undefined);
}
