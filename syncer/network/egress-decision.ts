import { BlockList, isIP, isIPv4 } from 'node:net';
import { METRICS_SERVICE, PORTS } from '../../lib/contract';

/**
 * What is known about addresses. All of it comes from what the syncer assigned or read on the host: the tenant can write
 * into the virtual cluster's Nodes, Services and pod statuses whatever it likes.
 */
export interface EgressFacts {
  /** The virtual node that has this address, as the syncer assigned it (the ClusterIP of its host Service). */
  nodeAt(address: string): string | undefined;
  /**
   * Whether the address belongs to this virtual cluster: the ClusterIP of a host Service that is ours, or the IP of a
   * host pod that is ours and isn't on the host's network, where other things listen on the same address.
   */
  isOwn(address: string): boolean;
  /** Whether the host's API server, or another part of the host that no tenant may reach, has this address. */
  isHostApi(address: string): boolean;
}

/** What becomes of a connection that the virtual API server wants. */
export type EgressDecision =
  /** It is meant for the kubelet of a virtual node: the syncer answers itself. */
  | { readonly kind: 'kubelet'; readonly node: string }
  /** It is meant for the metrics API: the syncer answers itself. */
  | { readonly kind: 'metrics' }
  /** It is meant for something inside the virtual cluster. */
  | { readonly kind: 'dial'; readonly host: string; readonly port: number }
  /** It may not be made. `why` is shown to the tenant. */
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Decides where a connection of the virtual API server may go: webhooks, aggregated APIs and proxied Services, whose
 * addresses the tenant has a say in, must not lead out of the virtual cluster. What isn't known is refused.
 */
export function egressDecision(host: string, port: number, facts: EgressFacts): EgressDecision {
  if (host === METRICS_SERVICE.externalName && port === METRICS_SERVICE.port) return { kind: 'metrics' };
  const address = plainAddress(host);
  if (address === undefined) return refuse(`${host} is not an IP address`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) return refuse(`${port} is not a port`);
  if (LOCAL.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) return refuse(`${address} is a local address`);
  if (facts.isHostApi(address)) return refuse(`${address} is not part of this cluster`);
  const node = facts.nodeAt(address);
  if (node !== undefined) {
    return port === PORTS.kubelet ? { kind: 'kubelet', node } : refuse(`node ${node} listens on ${PORTS.kubelet} only`);
  }
  if (facts.isOwn(address)) return { kind: 'dial', host: address, port };
  return refuse(`${address} is not part of this cluster`);
}

/** Addresses that mean something else on every machine, among them clouds' metadata services, and those that are many. */
const LOCAL = localAddresses();

function localAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('224.0.0.0', 4, 'ipv4');
  list.addAddress('255.255.255.255', 'ipv4');
  list.addAddress('::', 'ipv6');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addSubnet('ff00::', 8, 'ipv6');
  list.addAddress('fd00:ec2::254', 'ipv6');
  return list;
}

/**
 * The one spelling of an IP address under which the facts know it: IPv6 in its shortest form, IPv4 inside IPv6 as IPv4.
 * `undefined` for what isn't an address, a zone (`fe80::1%eth0`) included.
 */
export function plainAddress(host: string): string | undefined {
  if (host.includes('%')) return undefined;
  const version = isIP(host);
  if (version === 0) return undefined;
  if (version === 4) return host;
  const shortest = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest) ?? [];
  if (high === undefined || low === undefined) return shortest;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

function refuse(why: string): EgressDecision {
  return { kind: 'refuse', why };
}
