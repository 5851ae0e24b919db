import { belongsTo } from '../engine/ownership';
import { hostPlace } from '../engine/placement';
import type { Side } from '../engine/side';
import type { ClusterContext } from '../engine/types';
import type { PodLookup } from '../kubelet/types';
import type { Pod } from '../pods/types';
import { BY_NODE } from './caches';

/** Finds, for the kubelet API, the host pod of a virtual one: from the caches, and only where the pair is proven. */
export function podLookup(context: ClusterContext, virtual: Side<Pod>, host: Side<Pod>): PodLookup {
  return {
    find(namespace, name, uid) {
      const pod = virtual.get(`${namespace}/${name}`);
      if (pod === undefined || (uid !== undefined && pod.metadata.uid !== uid)) return undefined;
      const place = hostPlace(name, namespace, context);
      const hosted = host.get(`${place.namespace}/${place.name}`);
      if (hosted === undefined || belongsTo(hosted, pod, context) !== 'same') return undefined;
      return {
        hostName: place.name,
        hostNamespace: place.namespace ?? context.hostNamespace,
        containers: containerNames(pod),
      };
    },
    list: (node) => (node === undefined ? virtual.cache.list() : virtual.cache.byIndex(BY_NODE, node)),
  };
}

function containerNames({ spec }: Pod): readonly string[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  return [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
}
