import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1';
import { controlPlaneLabels, PORTS } from '../../lib/contract';
import type { IsolatedCluster } from '../../lib/contract/network';
import { mergePatch } from '../engine/diff';
import { spansNamespaces } from '../engine/host-namespace';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { Change, ClusterContext, Translation } from '../engine/types';
import type { KubeObject } from '../kube/types';
import { allOf, hostLabelSelector, hostNamespaceSelector, ofCluster, ofNamespace } from '../pods/selectors';
import { isolatedCluster } from './isolation/isolated';
import { egressWithin, ingressWithin, type WithinIsolation } from './isolation/tenant-rules';
import { selects } from './selects';

/** A network policy, as far as it is copied. */
export interface NetworkPolicy extends KubeObject {
  readonly spec?: NetworkPolicySpec;
}

const KIND = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' } as const;

/** The labels of the pods that answer DNS in every cluster. */
const DNS_POD_LABELS = { 'k8s-app': 'kube-dns' } as const;

/**
 * The host's policy for a virtual one: among the pods of this virtual cluster it allows and forbids the same, and it
 * never applies to a pod of anybody else. Selectors over namespaces become selectors over the namespaces' labels, which
 * every pod carries on the host. What means more than pods of this cluster counts within what isolation allows; without
 * isolation it stays as it is.
 */
export function toHostNetworkPolicy(v: NetworkPolicy, ctx: ClusterContext): Translation<NetworkPolicy> {
  const { podSelector = {}, ingress, egress } = v.spec ?? {};
  const namespace = v.metadata.namespace ?? '';
  const isolated = isolatedCluster(ctx);
  const inwards = ingress && hostIngress(ingress, namespace, ctx, isolated);
  const outwards = egress && hostEgress(egress, namespace, ctx, isolated);
  const spec: NetworkPolicySpec = {
    podSelector: allOf(hostLabelSelector(podSelector, ctx), ofNamespace(namespace, ctx)),
    ...pick(v.spec, ['policyTypes']),
    ...(inwards && { ingress: [...inwards.rules] }),
    ...(outwards && { egress: [...outwards.rules] }),
  };
  const taken = [...(inwards?.taken ?? []), ...(outwards?.taken ?? [])];
  return {
    kind: 'object',
    object: { ...KIND, metadata: hostMetadata(v, ctx, { kind: KIND }), spec },
    ...(taken.length > 0 && { warnings: taken.map((message) => ({ reason: 'NetworkIsolation', message })) }),
  };
}

function hostIngress(
  rules: readonly NetworkPolicyIngressRule[],
  namespace: string,
  ctx: ClusterContext,
  isolated: IsolatedCluster | undefined,
): WithinIsolation<NetworkPolicyIngressRule> {
  const peer = (one: NetworkPolicyPeer) => hostPeer(one, namespace, ctx);
  if (isolated !== undefined) return ingressWithin(rules, isolated, peer);
  const open = rules.map(({ from, ports }) => ({ ...(ports && { ports }), ...(from && { from: from.map(peer) }) }));
  return { rules: open, taken: [] };
}

function hostEgress(
  rules: readonly NetworkPolicyEgressRule[],
  namespace: string,
  ctx: ClusterContext,
  isolated: IsolatedCluster | undefined,
): WithinIsolation<NetworkPolicyEgressRule> {
  const peer = (one: NetworkPolicyPeer) => hostPeer(one, namespace, ctx);
  const dns = rules.flatMap((rule) => embeddedDns(rule, namespace, ctx));
  if (isolated !== undefined) {
    const within = egressWithin(rules, isolated, peer);
    return { ...within, rules: [...within.rules, ...dns] };
  }
  const open = rules.map(({ to, ports }) => ({ ...(ports && { ports }), ...(to && { to: to.map(peer) }) }));
  return { rules: [...open, ...dns], taken: [] };
}

/** The writes that bring the host's policy to what is desired. */
export function networkPolicyChanges(desired: NetworkPolicy, current: NetworkPolicy): readonly Change[] {
  const patch = mergePatch(desired, current, [
    'spec.podSelector',
    'spec.policyTypes',
    // The protocol of a port is TCP where none is named.
    { path: 'spec.ingress', hostAssigned: ['protocol'] },
    { path: 'spec.egress', hostAssigned: ['protocol'] },
  ]);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

function hostPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  namespace: string,
  ctx: ClusterContext,
): NetworkPolicyPeer {
  if (ipBlock !== undefined) return { ipBlock };
  const pods = podSelector === undefined ? {} : hostLabelSelector(podSelector, ctx);
  if (namespaceSelector === undefined) return { podSelector: allOf(pods, ofNamespace(namespace, ctx)) };
  return {
    podSelector: allOf(pods, hostNamespaceSelector(namespaceSelector, ctx.cluster), ofCluster(ctx)),
    // The labels of the pods tell whose they are, wherever they lie.
    ...(spansNamespaces(ctx) && { namespaceSelector: {} }),
  };
}

/** Where the syncer answers DNS itself, whoever may ask the pods labelled `k8s-app: kube-dns` may ask it. */
function embeddedDns(
  { to, ports }: NetworkPolicyEgressRule,
  namespace: string,
  ctx: ClusterContext,
): readonly NetworkPolicyEgressRule[] {
  if (ctx.config.dns.mode !== 'embedded' || !to?.some((peer) => meansDns(peer, namespace, ctx))) {
    return [];
  }
  const open = DNS_PROTOCOLS.filter((protocol) => !ports?.length || ports.some((port) => coversDns(port, protocol)));
  if (open.length === 0) return [];
  const controlPlane: NetworkPolicyPeer = {
    podSelector: { matchLabels: controlPlaneLabels(ctx.cluster) },
    ...(spansNamespaces(ctx) && {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ctx.hostNamespace } },
    }),
  };
  return [{ to: [controlPlane], ports: open.map((protocol) => ({ protocol, port: PORTS.dns })) }];
}

const DNS_PROTOCOLS = ['UDP', 'TCP'] as const;

/** The names are those that the ports of DNS pods have everywhere. */
function coversDns({ port, endPort, protocol = 'TCP' }: NetworkPolicyPort, of: 'UDP' | 'TCP'): boolean {
  if (protocol !== of) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') return port === (of === 'UDP' ? 'dns' : 'dns-tcp');
  return port <= PORTS.dns && PORTS.dns <= (endPort ?? port);
}

function meansDns(peer: NetworkPolicyPeer, namespace: string, ctx: ClusterContext): boolean {
  if (peer.ipBlock !== undefined) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? namespace === 'kube-system'
      : selects(peer.namespaceSelector, ctx.labelsOfNamespace?.('kube-system') ?? {});
  return inNamespace && selects(peer.podSelector ?? {}, DNS_POD_LABELS);
}
