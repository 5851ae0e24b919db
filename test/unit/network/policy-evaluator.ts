import { BlockList } from 'node:net';
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { selects } from '../../../syncer/network/selects';

/** A pod as network policies see it. */
export interface PolicyPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  readonly ip: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: string }[];
}

/** A cluster as network policies see it. */
export interface PolicyWorld {
  readonly namespaces: { readonly [name: string]: { readonly [key: string]: string } };
  readonly pods: readonly PolicyPod[];
  readonly policies: readonly { readonly namespace: string; readonly spec: NetworkPolicySpec }[];
}

/** One connection: `to` may be an address outside of the cluster. */
export interface Connection {
  readonly from: PolicyPod | string;
  readonly to: PolicyPod | string;
  readonly port: number;
  readonly protocol: string;
}

/**
 * Whether a cluster whose network honours policies lets a connection through. Written after the API's documentation:
 * policies add up; a pod that none selects for a direction is open there; both ends must agree.
 */
export function isAllowed(world: PolicyWorld, connection: Connection): boolean {
  return passes(world, connection, 'Egress') && passes(world, connection, 'Ingress');
}

function passes(
  world: PolicyWorld,
  { from, to, port, protocol }: Connection,
  direction: 'Ingress' | 'Egress',
): boolean {
  const subject = direction === 'Ingress' ? to : from;
  const other = direction === 'Ingress' ? from : to;
  if (typeof subject === 'string') return true;
  const applying = world.policies.filter(
    ({ namespace, spec }) =>
      namespace === subject.namespace &&
      selects(spec.podSelector ?? {}, subject.labels) &&
      typesOf(spec).includes(direction),
  );
  if (applying.length === 0) return true;
  return applying.some(({ namespace, spec }) => {
    const rules =
      direction === 'Ingress'
        ? (spec.ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports }))
        : (spec.egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports }));
    return rules.some(
      ({ peers = [], ports = [] }) =>
        (peers.length === 0 || peers.some((peer) => isPeer(world, peer, namespace, other))) &&
        (ports.length === 0 || ports.some((one) => isPort(one, port, protocol, to))),
    );
  });
}

function typesOf({ policyTypes, egress }: NetworkPolicySpec): readonly string[] {
  return policyTypes ?? ['Ingress', ...(egress?.length ? ['Egress'] : [])];
}

function isPeer(
  world: PolicyWorld,
  { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer,
  own: string,
  other: PolicyPod | string,
): boolean {
  if (ipBlock !== undefined) {
    const ip = typeof other === 'string' ? other : other.ip;
    return inCidr(ip, ipBlock.cidr) && !(ipBlock.except ?? []).some((cidr) => inCidr(ip, cidr));
  }
  if (typeof other === 'string') return false;
  const inNamespace =
    namespaceSelector === undefined
      ? other.namespace === own
      : selects(namespaceSelector, world.namespaces[other.namespace] ?? {});
  return inNamespace && selects(podSelector ?? {}, other.labels);
}

function isPort(
  { port: wanted, endPort, protocol: of = 'TCP' }: NetworkPolicyPort,
  port: number,
  protocol: string,
  to: PolicyPod | string,
): boolean {
  if (of !== protocol) return false;
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return wanted <= port && port <= (endPort ?? wanted);
  if (typeof to === 'string') return false;
  return to.ports.some((one) => one.name === wanted && one.containerPort === port && one.protocol === protocol);
}

function inCidr(ip: string, cidr: string): boolean {
  const [net = '', prefix = '0'] = cidr.split('/');
  if (net.includes(':') !== ip.includes(':')) return false;
  const family = net.includes(':') ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(net, Number(prefix), family);
  return list.check(ip, family);
}
