import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from 'kubernetes-types/networking/v1';
import {
  type Allowance,
  egressAllowances,
  egressRules,
  type IsolatedCluster,
  ingressAllowances,
  ingressRules,
} from '../../../lib/contract/network';
import { type Clipped, clippedBlock, clippedToAllowed, type Rule } from './clip';

/** A tenant's rules within what isolation allows, and what the tenant is told of it. */
export interface WithinIsolation<R> {
  readonly rules: readonly R[];
  readonly taken: readonly string[];
}

/** How a tenant's selector of pods is worded on the host. */
type Translate = (peer: NetworkPolicyPeer) => NetworkPolicyPeer;

/** What of a tenant's egress rules may count on the host. */
export function egressWithin(
  rules: readonly NetworkPolicyEgressRule[],
  of: IsolatedCluster,
  translate: Translate,
): WithinIsolation<NetworkPolicyEgressRule> {
  const allowed = egressAllowances(of);
  const parts = rules.map(({ to, ports }, index) =>
    within({ peers: to, ports }, allowed, translate, place('egress', index, 'to')),
  );
  return { rules: parts.flatMap((part) => egressRules(part.rules)), taken: parts.flatMap((part) => part.taken) };
}

/** What of a tenant's ingress rules may count on the host. */
export function ingressWithin(
  rules: readonly NetworkPolicyIngressRule[],
  of: IsolatedCluster,
  translate: Translate,
): WithinIsolation<NetworkPolicyIngressRule> {
  const allowed = ingressAllowances(of);
  const parts = rules.map(({ from, ports }, index) =>
    within({ peers: from, ports }, allowed, translate, place('ingress', index, 'from')),
  );
  return { rules: parts.flatMap((part) => ingressRules(part.rules)), taken: parts.flatMap((part) => part.taken) };
}

interface Place {
  readonly rule: string;
  readonly peers: string;
}

function place(direction: string, index: number, peers: string): Place {
  const rule = `spec.${direction}[${index}]`;
  return { rule, peers: `${rule}.${peers}` };
}

interface TenantRule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

function within(
  { peers = [], ports = [] }: TenantRule,
  allowed: readonly Allowance[],
  translate: Translate,
  where: Place,
): Clipped {
  if (peers.length === 0) return clippedToAllowed(ports, allowed, where.rule);
  const rules: Rule[] = [];
  const taken: string[] = [];
  // Selectors mean pods of this cluster only, and those may always be reached.
  const pods = peers.filter(({ ipBlock }) => ipBlock === undefined).map(translate);
  if (pods.length > 0) rules.push({ peers: pods, ports });
  for (const [index, { ipBlock }] of peers.entries()) {
    if (ipBlock === undefined) continue;
    const clipped = clippedBlock(ipBlock, ports, allowed, `${where.peers}[${index}].ipBlock.cidr`);
    rules.push(...clipped.rules);
    taken.push(...clipped.taken);
  }
  return { rules, taken };
}
