import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1';
import type { SyncSection } from '../config';
import { hostLabelKey, LABELS } from '../labels';
import { isPreservedLabel } from '../metadata-keys';
import { safeConcat } from '../names';
import { DNS_ON, egressAllowances, type IsolatedCluster, ingressAllowances, ownLabels, policyPeer } from './allowances';
import type { PolicyPort } from './port-range';

/** What a policy of the isolation is for. */
export type IsolationPart = 'pods' | 'ingress' | 'egress' | 'dns';

/** One policy of the isolation. */
export interface IsolationPolicySpec {
  readonly part: IsolationPart;
  readonly spec: NetworkPolicySpec;
}

/** On host pods, the value of {@link LABELS.ingressBy} and {@link LABELS.egressBy}. */
export const BY_TENANT = 'tenant';

/**
 * The policies that keep the tenant's pods in one host namespace from everything that isolation doesn't allow.
 *
 * Policies add up, so a single one that allows would make the tenant's own policies worthless. So the first denies
 * everything to every pod, always; the others allow what isolation allows to pods of which no policy of the tenant says
 * anything in that direction. Of the rest the copies of the tenant's policies decide, which never allow more.
 */
export function isolationPolicies(of: IsolatedCluster, labels: SyncSection['labels']): readonly IsolationPolicySpec[] {
  const matchLabels = { ...ownLabels(of) };
  const unlessBy = (key: string) => ({
    matchLabels,
    matchExpressions: [{ key, operator: 'NotIn', values: [BY_TENANT] }],
  });
  const dns = outsideDns(of);
  const dnsKey = isPreservedLabel(DNS_LABEL, labels) ? DNS_LABEL : hostLabelKey(DNS_LABEL, of.cluster);
  return [
    { part: 'pods', spec: { podSelector: { matchLabels }, policyTypes: ['Ingress', 'Egress'] } },
    {
      part: 'ingress',
      spec: {
        podSelector: unlessBy(LABELS.ingressBy),
        policyTypes: ['Ingress'],
        ingress: ingressRules(ingressAllowances(of)),
      },
    },
    {
      part: 'egress',
      spec: {
        podSelector: unlessBy(LABELS.egressBy),
        policyTypes: ['Egress'],
        egress: egressRules(egressAllowances(of)),
      },
    },
    ...(dns.length === 0
      ? []
      : [dnsPolicy({ ...matchLabels, [LABELS.namespace]: 'kube-system', [dnsKey]: 'kube-dns' }, dns)]),
  ];
}

function dnsPolicy(matchLabels: { [key: string]: string }, to: readonly NetworkPolicyPeer[]): IsolationPolicySpec {
  const egress = [{ to: [...to], ...policyPorts(DNS_ON) }];
  return { part: 'dns', spec: { podSelector: { matchLabels }, policyTypes: ['Egress'], egress } };
}

/** The name of one of the policies in the virtual cluster's own host namespace. */
export function isolationPolicyName(cluster: string, part: IsolationPart | 'control-plane'): string {
  return `${cluster}-isolation-${part}`;
}

/** The name of one of them in another host namespace, where two clusters of one name may meet. */
export function isolationPolicyNameElsewhere(scope: string, part: IsolationPart): string {
  return safeConcat(ELSEWHERE, part, 'x', scope);
}

const ELSEWHERE = 'sublet-isolation';

/** Whether a tenant's policy would have the name of one of these, in a host namespace where names are kept. */
export function isIsolationPolicyName(name: string): boolean {
  return name.startsWith(`${ELSEWHERE}-`);
}

/** Ports as a policy's rule has them, which leaves them out where all are meant. */
export function policyPorts(ports: readonly PolicyPort[]): { readonly ports?: NetworkPolicyPort[] } {
  if (ports.length === 0) return {};
  return {
    ports: ports.map(({ protocol, port, endPort }) => ({
      ...(protocol !== undefined && { protocol }),
      ...(port !== undefined && { port }),
      ...(endPort !== undefined && { endPort }),
    })),
  };
}

/** Some peers on some ports, which are all where none is named. */
export interface OpenTo {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly PolicyPort[];
}

/** What is allowed, as the egress rules of a policy. */
export function egressRules(allowed: readonly OpenTo[]): NetworkPolicyEgressRule[] {
  return allowed.map(({ peers, ports }) => ({ to: [...peers], ...policyPorts(ports) }));
}

/** {@link egressRules} for the other direction. */
export function ingressRules(allowed: readonly OpenTo[]): NetworkPolicyIngressRule[] {
  return allowed.map(({ peers, ports }) => ({ from: [...peers], ...policyPorts(ports) }));
}

const DNS_LABEL = 'k8s-app';

/**
 * Where the virtual CoreDNS asks: only where the declaration sends it. The resolvers of its node, which it asks
 * otherwise, are not known beforehand.
 */
function outsideDns({ dns, network }: IsolatedCluster): readonly NetworkPolicyPeer[] {
  if (dns.mode === 'embedded') return [];
  const asksHost = dns.forwardToHost || dns.names.some(({ to }) => to.kind === 'hostService');
  return [
    ...(dns.forwardToHost ? [] : dns.upstream.map(singleAddress)),
    ...(asksHost ? network.hostDns.map(policyPeer) : []),
  ];
}

/** An address as a peer. One that is known only at deployment counts as IPv4; IPv6 would be refused there. */
export function singleAddress(address: string): NetworkPolicyPeer {
  return { ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` } };
}
