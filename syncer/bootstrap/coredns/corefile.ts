/** What CoreDNS is configured by. */
export interface CorefileOptions {
  /** DNS domain of the virtual cluster's Services. */
  readonly clusterDomain: string;
  /** Whom to ask for names that the virtual cluster does not know. */
  readonly upstream: Upstream;
}

/**
 * Whom CoreDNS asks for other names. The node's resolvers know the world but not the host cluster's Services; the host
 * cluster's DNS knows both.
 */
export type Upstream =
  | { readonly kind: 'node-resolvers' }
  | { readonly kind: 'host-dns'; readonly nameservers: readonly string[] };

/** Where CoreDNS listens: without the right to open a port below 1024 it needs no capability. */
export const DNS_PORTS = { dns: 1053, health: 8080, ready: 8181, metrics: 9153 } as const;

/**
 * Renders the Corefile. The virtual cluster's own domain is answered here alone, also with "no such name", so that
 * Services of the host, whose domain is usually the same, stay hidden; with the host's DNS as upstream, names that are
 * unknown here are passed on.
 */
export function renderCorefile({ clusterDomain, upstream }: CorefileOptions): string {
  const [fallthrough, servers] =
    upstream.kind === 'host-dns'
      ? ['fallthrough', upstream.nameservers.join(' ')]
      : ['fallthrough in-addr.arpa ip6.arpa', '/etc/resolv.conf'];
  return `.:${DNS_PORTS.dns} {
    errors
    health :${DNS_PORTS.health} {
        lameduck 5s
    }
    ready :${DNS_PORTS.ready}
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        ${fallthrough}
        ttl 30
    }
    prometheus :${DNS_PORTS.metrics}
    forward . ${servers} {
        max_concurrent 1000
    }
    cache 30
    reload
    loadbalance
}
`;
}
