import type { NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { controlPlaneLabels, PORTS, safeConcat } from '../../contract';
import {
  DNS_ON,
  declared,
  egressRules,
  type IsolatedCluster,
  ingressRules,
  isolationPolicies,
  isolationPolicyName,
  NEVER_REACHED,
  ownPods,
  type PolicyPort,
  policyPeer,
  policyPorts,
  singleAddress,
} from '../../contract/network';
import type { ResolvedSpec } from '../../spec';
import { hasMarker } from '../../spec/markers';
import { metadata } from '../metadata';
import type { Slot } from '../slot';

/**
 * The host's network policies for the pods of a virtual cluster and for its control plane, in its own host namespace.
 * In others, which virtual namespaces may have of their own, the syncer makes them.
 */
export function networkPolicySlots(spec: ResolvedSpec): readonly Slot[] {
  const of = isolated(spec);
  if (of === undefined) return [];
  return [
    ...isolationPolicies(of, spec.sections.sync.labels).map((one) => policySlot(spec, one.part, one.spec)),
    policySlot(spec, 'control-plane', controlPlanePolicy(of)),
  ];
}

function isolated({ name, namespace, dns, requires, sections }: ResolvedSpec): IsolatedCluster | undefined {
  const { isolation, namespaces } = sections;
  if (isolation.level === 'off' || !isolation.network.enforce) return undefined;
  const mayBeElsewhere = namespaces.mode === 'mapped' || requires.includes('namespaces');
  return {
    cluster: name,
    hostNamespace: namespace,
    place: 'home',
    ...(mayBeElsewhere && { scope: scopeOf(namespace, name) }),
    dns,
    network: isolation.network,
  };
}

/** A namespace that is known only at deployment can't be shortened: where it would have to be, the host refuses it. */
function scopeOf(namespace: string, cluster: string): string {
  return hasMarker(namespace) ? `${namespace}-x-${cluster}` : safeConcat(namespace, 'x', cluster);
}

function policySlot(
  spec: ResolvedSpec,
  part: Parameters<typeof isolationPolicyName>[1],
  policy: NetworkPolicySpec,
): Slot {
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(spec, isolationPolicyName(spec.name, part)),
    spec: policy,
  } satisfies NetworkPolicy;
  return { slot: `isolation/network-${part}`, object };
}

/**
 * The control plane: its API server is open to all, who have to say who they are; the kubelet API, and DNS, to the
 * cluster's own pods. Where the API server itself connects to is decided by the syncer, connection by connection; this
 * bounds whatever might pass by that.
 */
function controlPlanePolicy(of: IsolatedCluster): NetworkPolicySpec {
  const { hostDns, controlPlane } = of.network;
  const self = { podSelector: { matchLabels: { ...controlPlaneLabels(of.cluster) } } };
  const answersDns = of.dns.mode === 'embedded';
  const forPods: readonly PolicyPort[] = [{ protocol: 'TCP', port: PORTS.kubelet }, ...(answersDns ? DNS_ON : [])];
  const upstream = answersDns && !of.dns.forwardToHost ? of.dns.upstream.map(singleAddress) : [];
  return {
    podSelector: self.podSelector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { ...policyPorts([{ protocol: 'TCP', port: PORTS.apiServer }]) },
      { from: [...ownPods(of)], ...policyPorts(forPods) },
      { from: [self] },
      ...ingressRules(declared(controlPlane.ingress)),
    ],
    egress: [
      { to: [...ownPods(of)] },
      { to: [self] },
      { to: [...hostDns.map(policyPeer), ...upstream], ...policyPorts(DNS_ON) },
      hostApiRule(of),
      ...egressRules(declared(controlPlane.egress)),
    ],
  };
}

function neverReachedOf(cidr: string): string[] {
  return NEVER_REACHED.filter((range) => range.includes(':') === cidr.includes(':'));
}

/** The API server of the host: its Service has port 443, and 6443 is where it listens behind that almost everywhere. */
function hostApiRule({ network: { hostApi } }: IsolatedCluster): NetworkPolicyEgressRule {
  const anywhere = ['0.0.0.0/0', '::/0'].map((cidr) => ({ ipBlock: { cidr, except: neverReachedOf(cidr) } }));
  const known = hostApi.map((cidr) => ({ ipBlock: { cidr } }));
  return {
    to: known.length === 0 ? anywhere : known,
    ...policyPorts([443, 6443].map((port) => ({ protocol: 'TCP', port }))),
  };
}
