import type { Cache, KubeObject } from '../kube/types';
import type { Service } from '../services/types';
import { BY_NAMED_ADDRESS, BY_SERVICE, type DnsSlice } from './slices';

/** What DNS knows of the virtual cluster. */
export interface ClusterView {
  /** Whether all of it has been read; before that, absence means nothing. */
  readonly synced: boolean;
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  /** The Services that have this ClusterIP. */
  servicesAt(address: string): readonly Service[];
  slices(namespace: string, service: string): readonly DnsSlice[];
  /** Slices in which an endpoint with this address may have a name. */
  slicesAt(address: string): readonly DnsSlice[];
}

/** The caches that {@link clusterView} looks into. */
export interface ClusterCaches {
  readonly namespaces: Cache<KubeObject>;
  readonly services: Cache<Service>;
  /** Indexed by `SLICE_INDEXES`. */
  readonly slices: Cache<DnsSlice>;
}

/** The virtual cluster as the caches have it. */
export function clusterView({ namespaces, services, slices }: ClusterCaches): ClusterView {
  const byAddress = serviceAddresses(services);
  return {
    get synced() {
      return namespaces.synced && services.synced && slices.synced;
    },
    hasNamespace: (name) => namespaces.get(name) !== undefined,
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    servicesAt: (address) => [...(byAddress.get(address)?.values() ?? [])],
    slices: (namespace, service) => slices.byIndex(BY_SERVICE, `${namespace}/${service}`),
    slicesAt: (address) => slices.byIndex(BY_NAMED_ADDRESS, address),
  };
}

/** The ClusterIPs of a Service, none when it is headless. */
export function clusterIpsOf({ spec }: Service): readonly string[] {
  const { clusterIPs = [], clusterIP } = spec ?? {};
  const all = clusterIPs.length > 0 ? clusterIPs : clusterIP === undefined ? [] : [clusterIP];
  return all.filter((address) => address !== '' && address !== 'None');
}

/** Services by ClusterIP, kept from now on. Others use the cache too, so that the index is not its own. */
function serviceAddresses(services: Cache<Service>): ReadonlyMap<string, ReadonlyMap<string, Service>> {
  const byAddress = new Map<string, Map<string, Service>>();
  const id = ({ metadata }: Service): string => `${metadata.namespace}/${metadata.name}`;
  const add = (service: Service) => {
    for (const address of clusterIpsOf(service)) {
      byAddress.set(address, (byAddress.get(address) ?? new Map<string, Service>()).set(id(service), service));
    }
  };
  const remove = (service: Service) => {
    for (const address of clusterIpsOf(service)) {
      const at = byAddress.get(address);
      at?.delete(id(service));
      if (at?.size === 0) byAddress.delete(address);
    }
  };
  services.subscribe((change) => {
    if (change.kind !== 'added') remove(change.previous);
    if (change.kind !== 'deleted') add(change.object);
  });
  for (const service of services.list()) add(service);
  return byAddress;
}
