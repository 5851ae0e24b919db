import type { NameMapping } from '../../../lib/contract';
import { PORTS } from '../../../lib/contract';
import { hostServiceName } from '../../dns/host-service-name';

/** What CoreDNS is configured by. */
export interface CorefileOptions {
  /** DNS domain of the virtual cluster's Services. */
  readonly clusterDomain: string;
  /** Whom to ask for names that the virtual cluster does not know. */
  readonly upstream: Upstream;
  /** Single names that lead elsewhere. */
  readonly names: readonly NameMapping[];
  /** Where names of the host's Services are asked, and the domain that they end in. */
  readonly host: { readonly nameservers: readonly string[]; readonly clusterDomain: string | undefined };
}

/**
 * Whom CoreDNS asks for other names. The node's resolvers know the world but not the host cluster's Services; the host
 * cluster's DNS knows both.
 */
export type Upstream =
  | { readonly kind: 'node-resolvers' }
  | { readonly kind: 'nameservers'; readonly addresses: readonly string[] }
  | {
      readonly kind: 'host-dns';
      readonly nameservers: readonly string[];
      /** A domain that it knows and nobody here may see. @default none */
      readonly hidden?: string | undefined;
    };

/**
 * Where CoreDNS listens. DNS is at its usual port in the pod as well: policies see the port of the pod, and tenants' stock
 * policies name this one.
 */
export const DNS_PORTS = { dns: PORTS.dns, health: 8080, ready: 8181, metrics: 9153 } as const;

/**
 * Renders the Corefile. The virtual cluster's own domain is answered here alone, also with "no such name", so that
 * Services of the host, whose domain is usually the same, stay hidden; with the host's DNS as upstream, names that are
 * unknown here are passed on.
 */
export function renderCorefile(options: CorefileOptions): string {
  const { clusterDomain, upstream, names } = options;
  const hidden = upstream.kind === 'host-dns' ? upstream.hidden : undefined;
  return `.:${DNS_PORTS.dns} {
    errors
    health :${DNS_PORTS.health} {
        lameduck 5s
    }
    ready :${DNS_PORTS.ready}
${[...rewrites(names), ...hiding(hidden, clusterDomain), ...hostsPlugin(names)].map((line) => `    ${line}\n`).join('')}\
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
${fallthrough(upstream)
  .map((line) => `        ${line}\n`)
  .join('')}\
        ttl ${TTL_SECONDS}
    }
    prometheus :${DNS_PORTS.metrics}
    forward . ${serversOf(upstream)} {
        max_concurrent 1000
${hidden === undefined ? '' : `        except ${hidden}\n`}\
    }
    cache ${TTL_SECONDS}
    reload
    loadbalance
}
${names.map((mapping) => hostServiceBlock(mapping, options)).join('')}`;
}

const TTL_SECONDS = 30;

/** What is not known here is asked outside: but for the own domain, unless the host's names are to be seen. */
function fallthrough(upstream: Upstream): string[] {
  if (upstream.kind !== 'host-dns') return ['fallthrough in-addr.arpa ip6.arpa'];
  // The host's DNS also knows which of its names an address has.
  return upstream.hidden === undefined ? ['fallthrough'] : [];
}

/** The plugin comes before the one that knows the own domain, which therefore must not lie in what it hides. */
function hiding(hidden: string | undefined, clusterDomain: string): string[] {
  if (hidden === undefined || `.${clusterDomain}`.endsWith(`.${hidden}`)) return [];
  return [`template ANY ANY ${hidden} {`, '    rcode NXDOMAIN', '}'];
}

function serversOf(upstream: Upstream): string {
  switch (upstream.kind) {
    case 'node-resolvers':
      return '/etc/resolv.conf';
    case 'nameservers':
      return upstream.addresses.join(' ');
    case 'host-dns':
      return upstream.nameservers.join(' ');
  }
}

function rewrites(names: readonly NameMapping[]): string[] {
  return names.flatMap(({ name, to }) =>
    to.kind === 'name' ? [`rewrite stop name exact ${name} ${to.name} answer auto`] : [],
  );
}

/** Without a file of its own, the plugin would serve the pod's `/etc/hosts`. */
function hostsPlugin(names: readonly NameMapping[]): string[] {
  const entries = names.flatMap(({ name, to }) =>
    to.kind === 'addresses' ? to.addresses.map((address) => `    ${address} ${name}`) : [],
  );
  if (entries.length === 0) return [];
  return ['hosts /dev/null {', ...entries, `    ttl ${TTL_SECONDS}`, '    no_reverse', '    fallthrough', '}'];
}

/**
 * A name that leads to a Service of the host has a server block of its own: in the main one the answer would be sought
 * in the virtual cluster, as both usually have the same domain.
 */
function hostServiceBlock({ name, to }: NameMapping, { upstream, host }: CorefileOptions): string {
  if (to.kind !== 'hostService' || host.nameservers.length === 0) return '';
  const target = hostServiceName(to, host.clusterDomain);
  return `${name}:${DNS_PORTS.dns} {
    errors
    rewrite stop name exact ${name} ${target} answer auto
    forward ${target} ${host.nameservers.join(' ')}
    forward . ${serversOf(upstream)}
    cache ${TTL_SECONDS}
    loadbalance
}
`;
}
