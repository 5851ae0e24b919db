import type { PodDNSConfig } from 'kubernetes-types/core/v1';
import type { Pod, PodContext, PodSpec } from './types';

/** Limits of the API on `dnsConfig`. A kubelet cuts what it merges to the same. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** Whether a pod asks the virtual cluster's DNS, by its policy. A pod on the node's network must ask for it by name. */
export function usesClusterDns(spec: PodSpec): boolean {
  const policy = spec.dnsPolicy ?? 'ClusterFirst';
  return policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && spec.hostNetwork !== true);
}

/**
 * `dnsPolicy` and `dnsConfig` of the host's pod. The host's own cluster DNS is never asked: what a kubelet would take
 * from its configuration is spelled out, and the tenant's `dnsConfig` is merged into it by the kubelet's rules.
 */
export function hostDns(v: Pod, ctx: PodContext): Pick<PodSpec, 'dnsPolicy' | 'dnsConfig'> {
  const { dnsPolicy, dnsConfig } = v.spec;
  if (!usesClusterDns(v.spec) || ctx.dnsServiceIP === undefined) {
    return { ...(dnsPolicy !== undefined && { dnsPolicy }), ...(dnsConfig !== undefined && { dnsConfig }) };
  }
  const domain = ctx.config.clusterDomain;
  const searches = [`${v.metadata.namespace ?? ''}.svc.${domain}`, `svc.${domain}`, domain];
  return {
    dnsPolicy: 'None',
    dnsConfig: {
      nameservers: unique([ctx.dnsServiceIP, ...(dnsConfig?.nameservers ?? [])]).slice(0, MAX_NAMESERVERS),
      searches: fitting(unique([...searches, ...(dnsConfig?.searches ?? [])])),
      options: mergedOptions(dnsConfig?.options ?? []),
    },
  };
}

type DnsOptions = NonNullable<PodDNSConfig['options']>;

function mergedOptions(own: DnsOptions): DnsOptions {
  const options = new Map<string, DnsOptions[number]>([['ndots', { name: 'ndots', value: '5' }]]);
  for (const option of own) if (option.name !== undefined) options.set(option.name, option);
  return [...options.values()];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function fitting(searches: readonly string[]): string[] {
  const kept = searches.slice(0, MAX_SEARCHES);
  while (kept.join(' ').length > MAX_SEARCH_CHARACTERS) kept.pop();
  return kept;
}
