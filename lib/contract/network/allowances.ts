import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';
import type { EnforcedNetwork, NetworkPeer } from '../config';
import type { DnsConfig } from '../config/dns';
import { controlPlaneLabels, LABELS } from '../labels';
import { PORTS } from '../ports';
import type { PortRange } from './port-range';

/** A virtual cluster whose pods are isolated, as far as it matters to the network. */
export interface IsolatedCluster {
  readonly cluster: string;
  readonly hostNamespace: string;
  /**
   * Where the policy lies: in the host namespace of the control plane, or in another that a virtual one has. There it may
   * meet pods of a virtual cluster of the same name.
   */
  readonly place: 'home' | 'elsewhere';
  /** What tells its objects from those of others, where they may lie in several host namespaces. */
  readonly scope?: string | undefined;
  readonly dns: Pick<DnsConfig, 'mode' | 'forwardToHost'> & {
    readonly names: readonly { readonly to: { readonly kind: string } }[];
    readonly upstream: readonly string[];
  };
  readonly network: EnforcedNetwork;
}

/** One thing that isolation lets through. */
export interface Allowance {
  /** The cluster's own pods, its control plane, or something that was declared. */
  readonly kind: 'own' | 'controlPlane' | 'declared';
  readonly peers: readonly NetworkPolicyPeer[];
  /** Without any, all ports of all protocols. */
  readonly ports: readonly PortRange[];
}

/** Ports of DNS. */
export const DNS_ON: readonly PortRange[] = [
  { protocol: 'UDP', port: PORTS.dns },
  { protocol: 'TCP', port: PORTS.dns },
];

/** Where the tenant's pods may connect to. */
export function egressAllowances(of: IsolatedCluster): readonly Allowance[] {
  const answersDns = of.dns.mode === 'embedded';
  return [
    { kind: 'own', peers: ownPods(of), ports: [] },
    {
      kind: 'controlPlane',
      peers: [controlPlanePods(of)],
      // Policies see the port of the pod, not that of the Service.
      ports: [{ protocol: 'TCP', port: PORTS.apiServer }, ...(answersDns ? DNS_ON : [])],
    },
    ...declared(of.network.egress),
  ];
}

/** Who may connect to the tenant's pods: webhooks and aggregated APIs are called from the control plane. */
export function ingressAllowances(of: IsolatedCluster): readonly Allowance[] {
  return [
    { kind: 'own', peers: ownPods(of), ports: [] },
    { kind: 'controlPlane', peers: [controlPlanePods(of)], ports: [] },
    ...declared(of.network.ingress),
  ];
}

/** Labels of every pod of the tenant in one host namespace. Tenants' own labels are hashed, so that no other pod has them. */
export function ownLabels({ cluster, place, scope }: IsolatedCluster): { readonly [key: string]: string } {
  return {
    [LABELS.managedBy]: cluster,
    ...(place === 'elsewhere' && scope !== undefined && { [LABELS.scope]: scope }),
  };
}

/** The tenant's pods, as peers. At home nothing depends on whether there are others elsewhere, which a policy may say. */
export function ownPods({ cluster, place, scope }: IsolatedCluster): readonly NetworkPolicyPeer[] {
  const here = { [LABELS.managedBy]: cluster };
  return [
    ...(place === 'home' ? [{ podSelector: { matchLabels: here } }] : []),
    ...(scope === undefined
      ? []
      : [{ namespaceSelector: {}, podSelector: { matchLabels: { ...here, [LABELS.scope]: scope } } }]),
  ];
}

/** The control plane's pods, as a peer. */
export function controlPlanePods({ cluster, hostNamespace, place }: IsolatedCluster): NetworkPolicyPeer {
  const podSelector = { matchLabels: { ...controlPlaneLabels(cluster) } };
  if (place === 'home') return { podSelector };
  return { podSelector, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': hostNamespace } } };
}

/** A declared peer, as policies word it. */
export function policyPeer(peer: NetworkPeer): NetworkPolicyPeer {
  if ('cidr' in peer) {
    return { ipBlock: { cidr: peer.cidr, ...(peer.except.length > 0 && { except: [...peer.except] }) } };
  }
  return {
    namespaceSelector: { matchLabels: { ...peer.namespaceLabels } },
    podSelector: { matchLabels: { ...peer.podLabels } },
  };
}

/** What was declared, as allowances. */
export function declared(rules: EnforcedNetwork['egress']): readonly Allowance[] {
  return rules.map(({ peer, ports }) => ({ kind: 'declared', peers: [policyPeer(peer)], ports }));
}
