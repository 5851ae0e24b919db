import type { ResolvedSpec } from '../../spec';
import { READ, type Right, type Rights, SYNC } from './right';

/** What Services under given names take in other namespaces of the host; in the cluster's own nothing is needed. */
export function servicesRights({ namespace: own, sections: { services } }: ResolvedSpec): Rights {
  const inNamespaces: { [namespace: string]: readonly Right[] } = {};
  const add = (namespace: string | undefined, verbs: Right['verbs']): void => {
    if (namespace === undefined || namespace === own) return;
    inNamespaces[namespace] = [
      ...(inNamespaces[namespace] ?? []),
      { group: '', resource: 'services', verbs },
      { group: 'discovery.k8s.io', resource: 'endpointslices', verbs },
    ];
  };
  for (const { host } of services.toHost) add(host.namespace, SYNC);
  for (const { host } of services.fromHost) add(host.namespace, READ);
  return { inNamespaces };
}
