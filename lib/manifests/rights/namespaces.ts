import type { ResolvedSpec } from '../../spec';
import { FOLLOW, type Right, type Rights, SYNC } from './right';

const POLICIES = { group: 'networking.k8s.io', resource: 'networkpolicies' } as const;

/** What making and deleting host namespaces takes, where virtual ones get such of their own. */
export function namespacesRights({ sections: { namespaces, isolation } }: ResolvedSpec): Rights {
  if (namespaces.mode === 'single') return {};
  const isolates = isolation.level !== 'off' && isolation.network.enforce;
  return {
    clusterWide: [
      { group: '', resource: 'namespaces', verbs: SYNC },
      // The account under which pods run is there in each of them.
      { group: '', resource: 'serviceaccounts', verbs: [...FOLLOW, 'create'] },
      // What keeps pods in lies in each of them, before any pod does.
      ...(isolates ? [{ ...POLICIES, verbs: SYNC }] : []),
    ],
  };
}

/**
 * What the syncer may do in the cluster's own namespace and, where virtual namespaces get such of their own, must be
 * able to do in all: their names follow from what tenants create, and a Role can't name namespaces that do not exist
 * yet. What belongs to the control plane stays in its place.
 */
export function followsNamespaces({ sections: { namespaces } }: ResolvedSpec, { resource, verbs }: Right): boolean {
  const isOfControlPlane = resource === 'leases' || (resource === 'events' && verbs.includes('create'));
  return namespaces.mode === 'mapped' && !isOfControlPlane;
}
