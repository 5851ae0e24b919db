import type { ClusterContext } from '../engine/types';
import type { Cache } from '../kube/types';
import type { EgressFacts } from '../network/egress-decision';
import { nodeOfService } from '../nodes';
import type { Pod } from '../pods/types';
import type { Service } from '../services/types';

/** Names of the indexes by which addresses are found. */
export const BY_ADDRESS = 'address';

/** The addresses at which a host Service of ours is reached. */
export function serviceAddresses({ spec }: Service): readonly string[] {
  const { clusterIPs = [], clusterIP } = spec ?? {};
  const all = clusterIPs.length > 0 ? clusterIPs : clusterIP === undefined ? [] : [clusterIP];
  return all.filter((address) => address !== '' && address !== 'None');
}

/** The addresses of a host pod of ours, none if it is on the node's own network, where others listen too. */
export function podAddresses({ spec, status }: Pod): readonly string[] {
  if (spec.hostNetwork) return [];
  return (status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}

/** What decides where the virtual API server may connect to, from the caches. */
export function egressFacts(
  services: Cache<Service>,
  pods: Cache<Pod>,
  context: ClusterContext,
  hostApiAddresses: ReadonlySet<string>,
): EgressFacts {
  return {
    nodeAt(address) {
      for (const service of services.byIndex(BY_ADDRESS, address)) {
        const node = nodeOfService(service, context);
        if (node !== undefined) return node;
      }
      return undefined;
    },
    isOwn: (address) =>
      services.byIndex(BY_ADDRESS, address).length > 0 || pods.byIndex(BY_ADDRESS, address).length > 0,
    isHostApi: (address) => hostApiAddresses.has(address),
  };
}
