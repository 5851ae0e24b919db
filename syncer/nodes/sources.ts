import { LABELS } from '../../lib/contract';
import type { Side } from '../engine/side';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import { type CacheChange, type KubeObject, keyOf } from '../kube/types';
import type { Pod, PodSpec } from '../pods/types';
import { type Amounts, sumOfRequests } from './requests';
import type { Node } from './types';

/** Where the real nodes' facts come from. */
export interface NodeSources {
  /** The host's nodes that may be shown; `undefined` where none may. */
  readonly hostNodes: Side<Node> | undefined;
  /** What pods of others request on a host node: nothing where that does not count. */
  othersUse(node: string): Amounts;
  /** Calls back with the name of each host node whose facts have changed. */
  subscribe(changed: (node: string) => void): void;
}

/** A pod of the host, as far as its node's room is concerned. */
interface Occupant extends KubeObject {
  readonly spec: Pick<PodSpec, 'nodeName' | 'containers' | 'initContainers' | 'overhead' | 'resources'>;
}

const BY_NODE = 'node';
const NONE: Amounts = new Map();

/** Opens the caches that the mode needs, none for fake nodes. Called at the start, before any cache is filled. */
export function openNodeSources(sides: SideRegistry, context: ClusterContext): NodeSources {
  const section = context.sections.nodes;
  if (section.mode === 'fake') return { hostNodes: undefined, othersUse: () => NONE, subscribe: () => {} };
  const labelSelector =
    'selector' in section
      ? Object.entries(section.selector)
          .map(([key, value]) => `${key}=${value}`)
          .join(',')
      : undefined;
  const hostNodes = sides.foreign<Node>(RESOURCES.nodes, {
    ...(labelSelector !== undefined && { labelSelector }),
    ...(section.hide.images && { transform: withoutImages }),
  });
  const counts = section.scheduling.by === 'own' && section.scheduling.othersUse === 'subtracted';
  const occupants = counts ? openOccupants(sides) : undefined;
  const own = sides.host<Pod>(RESOURCES.pods);
  // Whether the virtual cluster's scheduler counts the pod itself. Two clusters of one name may live in two namespaces.
  const isOurs = (pod: Occupant): boolean =>
    pod.metadata.labels?.[LABELS.managedBy] === context.cluster &&
    (pod.metadata.namespace === context.hostNamespace || own.get(keyOf(pod)) !== undefined);
  return {
    hostNodes,
    othersUse(node) {
      if (occupants === undefined) return NONE;
      const others = occupants.cache.byIndex(BY_NODE, node).filter((pod) => !isOurs(pod));
      return sumOfRequests(others.map(({ spec }) => spec));
    },
    subscribe(changed) {
      hostNodes.cache.subscribe((change) => changed(objectOf(change).metadata.name ?? ''));
      occupants?.cache.subscribe((change) => {
        const pod = objectOf(change);
        if (pod.spec.nodeName && !isOurs(pod)) changed(pod.spec.nodeName);
      });
    },
  };
}

function openOccupants(sides: SideRegistry): Side<Occupant> {
  return sides.foreign<Occupant>(RESOURCES.pods, {
    // What has ended takes no room, and what has no node takes none either.
    fieldSelector: 'spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed',
    transform: requestsOnly,
    indexers: { [BY_NODE]: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []) },
  });
}

/** Environments, commands and volumes of others are nothing that this process should hold. */
function requestsOnly({ metadata, spec }: Occupant): Occupant {
  const { name, namespace, uid, resourceVersion, labels } = metadata;
  const managedBy = labels?.[LABELS.managedBy];
  const requests = (containers: Occupant['spec']['containers'] = []) =>
    containers.map((container) => ({
      name: container.name,
      ...('restartPolicy' in container && { restartPolicy: container.restartPolicy }),
      ...(container.resources?.requests && { resources: { requests: container.resources.requests } }),
    }));
  return {
    metadata: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(managedBy !== undefined && { labels: { [LABELS.managedBy]: managedBy } }),
    },
    spec: {
      ...(spec.nodeName !== undefined && { nodeName: spec.nodeName }),
      containers: requests(spec.containers),
      initContainers: requests(spec.initContainers),
      ...(spec.resources && { resources: spec.resources }),
      ...(spec.overhead && { overhead: spec.overhead }),
    },
  };
}

function withoutImages(node: Node): Node {
  const { images: _, ...status } = node.status ?? {};
  return { ...node, status };
}

function objectOf<T extends KubeObject>(change: CacheChange<T>): T {
  return change.kind === 'deleted' ? change.previous : change.object;
}
