import type { DnsConfig, NameMapping } from '../../contract';
import type { MappedName, ResolvedSpec } from '../../spec';

/** What the syncer is told about DNS. */
export function dnsConfig({ dns, images }: ResolvedSpec): DnsConfig {
  const common = {
    forwardToHost: dns.forwardToHost,
    names: dns.names.map(mappedName),
    upstream: [...dns.upstream],
  };
  if (dns.mode === 'embedded') return { mode: 'embedded', ...common };
  const { requests, limits } = dns.resources;
  return {
    mode: 'coredns',
    image: images.coredns,
    replicas: dns.replicas,
    resources: { requests: { ...requests }, limits: { ...limits } },
    ...common,
  };
}

function mappedName({ name, to }: MappedName): NameMapping {
  return { name, to: to.kind === 'addresses' ? { ...to, addresses: [...to.addresses] } : { ...to } };
}
