import type { ResolvedSpec } from '../../spec';
import { READ, type Right, type Rights, SYNC } from './right';

/** What disruption budgets, classes, accounts and device claims take, as far as they are switched on. */
export function workloadsRights({ sections: { sync } }: ResolvedSpec): Rights {
  const { toHost, fromHost } = sync;
  const shown = (right: Right, on: boolean): readonly Right[] => (on ? [right] : []);
  return {
    namespaced: [
      ...shown({ group: 'policy', resource: 'poddisruptionbudgets', verbs: SYNC }, toHost.podDisruptionBudgets.enabled),
      ...shown({ group: '', resource: 'serviceaccounts', verbs: SYNC }, toHost.serviceAccounts.enabled),
      ...shown({ group: 'resource.k8s.io', resource: 'resourceclaims', verbs: SYNC }, toHost.resourceClaims.enabled),
    ],
    clusterWide: [
      ...shown(
        { group: 'scheduling.k8s.io', resource: 'priorityclasses', verbs: SYNC },
        toHost.priorityClasses.enabled,
      ),
      ...shown(
        { group: 'scheduling.k8s.io', resource: 'priorityclasses', verbs: READ },
        fromHost.priorityClasses.enabled,
      ),
      ...shown({ group: 'node.k8s.io', resource: 'runtimeclasses', verbs: READ }, fromHost.runtimeClasses.enabled),
      ...shown({ group: 'resource.k8s.io', resource: 'deviceclasses', verbs: READ }, fromHost.deviceClasses.enabled),
    ],
  };
}
