import type { NetworkPeer, NetworkRule, NetworkRules } from '../../contract';
import { type AddressRange, exceptionsIn, formatRange, parseRange, rangesOf } from '../../contract/network';
import { forbiddenRanges } from './forbidden-ranges';
import type { NetworkOptions, NetworkPeerOptions, NetworkRuleOptions } from './network';

const HOST_DNS: readonly NetworkPeer[] = ['kube-dns', 'coredns'].map((app) => ({
  namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
  podLabels: { 'k8s-app': app },
}));

/** Fills in the defaults, and takes out of every range what must not be reached. */
export function resolveNetwork(options: NetworkOptions = {}): NetworkRules {
  if (options.enforce === false) return { enforce: false };
  const { egress = [], ingress = [], hostRanges, hostDns, controlPlane = {} } = options;
  const forbidden = forbiddenRanges(hostRanges);
  const hostPods = rangesOf(hostRanges?.pods ?? []);
  return {
    enforce: true,
    egress: egress.map((rule) => resolveRule(rule, forbidden)),
    ingress: ingress.map((rule) => resolveRule(rule, hostPods)),
    hostDns: hostDns?.map((peer) => resolvePeer(peer, [])) ?? [...HOST_DNS],
    hostApi: [...(hostRanges?.api ?? [])],
    controlPlane: {
      egress: (controlPlane.egress ?? []).map((rule) => resolveRule(rule, [])),
      ingress: (controlPlane.ingress ?? []).map((rule) => resolveRule(rule, [])),
    },
  };
}

function resolveRule(rule: NetworkRuleOptions, forbidden: readonly AddressRange[]): NetworkRule {
  const ports = (rule.ports ?? []).map(({ protocol = 'TCP', port, endPort }) => ({
    protocol,
    port,
    ...(endPort !== undefined && endPort > port && { endPort }),
  }));
  return { peer: resolvePeer(rule, forbidden), ports };
}

/** The schema has made sure that something is left of a range. */
function resolvePeer(peer: NetworkPeerOptions, forbidden: readonly AddressRange[]): NetworkPeer {
  if (peer.cidr === undefined) {
    return { namespaceLabels: { ...peer.namespaceLabels }, podLabels: { ...peer.podLabels } };
  }
  const { cidr, except = [] } = peer;
  const range = parseRange(cidr);
  const exceptions = range && exceptionsIn(range, [...rangesOf(except), ...forbidden]);
  return { cidr, except: (exceptions ?? []).map(formatRange) };
}
