import type { ResolvedSpec } from '../../spec';
import { READ, type Rights } from './right';

/** Looking at, making and deleting the claims to host names, where they are declared. Nobody needs to change one. */
export function hostnamesRights({ namespace: own, sections: { isolation } }: ResolvedSpec): Rights {
  const claims = isolation.level === 'off' ? undefined : isolation.hostnames.claims;
  if (claims === undefined) return {};
  const leases = { group: 'coordination.k8s.io', resource: 'leases', verbs: [...READ, 'create', 'delete'] } as const;
  return claims.namespace === own ? { namespaced: [leases] } : { inNamespaces: { [claims.namespace]: [leases] } };
}
