/** What a pod's `/etc/resolv.conf` tells about the cluster that it runs in. */
export interface HostResolver {
  /** Addresses of the DNS servers. */
  readonly nameservers: readonly string[];
  /** Domain of the cluster's Services, if the search list shows one. */
  readonly clusterDomain: string | undefined;
}

/** Reads `/etc/resolv.conf` (resolv.conf(5)). The kubelet puts `svc.<domain>` into the search list of ordinary pods. */
export function parseResolvConf(text: string): HostResolver {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const nameservers = lines.filter(([word]) => word === 'nameserver').flatMap(([, address]) => address ?? []);
  // Of several `search` lines the last one counts.
  const search = lines.findLast(([word]) => word === 'search')?.slice(1) ?? [];
  const services = search.find((domain) => domain.startsWith(SERVICES));
  return { nameservers, clusterDomain: services?.slice(SERVICES.length).replace(/\.$/, '') };
}

const SERVICES = 'svc.';
