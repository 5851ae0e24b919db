import type { ResolvedSpec } from '../../spec';
import { READ, type Right, type Rights } from './right';

/** What showing nodes, placing pods and measuring them takes. Fake nodes take nothing outside the host namespace. */
export function nodesRights({ sections: { nodes } }: ResolvedSpec): Rights {
  const measures = nodes.metrics.source === 'host';
  // Resource usage of the tenant's pods.
  const namespaced: readonly Right[] = measures ? [{ group: METRICS, resource: 'pods', verbs: ['list'] }] : [];
  if (nodes.mode === 'fake') return { namespaced };
  const { toHost, scheduling, metrics } = nodes;
  const writes = toHost.labels.length > 0 || toHost.taints.length > 0;
  const counts = scheduling.by === 'own' && scheduling.othersUse === 'subtracted';
  return {
    namespaced,
    clusterWide: [
      { group: '', resource: 'nodes', verbs: READ },
      ...right(writes, { group: '', resource: 'nodes', verbs: ['patch'] }),
      ...right(measures, { group: METRICS, resource: 'nodes', verbs: ['list'] }),
      // The kubelets' measurements.
      ...right(metrics.kubelet, { group: '', resource: 'nodes/proxy', verbs: ['get'] }),
      // What pods of others request on the same nodes.
      ...right(counts, { group: '', resource: 'pods', verbs: ['list', 'watch'] }),
    ],
  };
}

const METRICS = 'metrics.k8s.io';

function right(needed: boolean, one: Right): readonly Right[] {
  return needed ? [one] : [];
}
