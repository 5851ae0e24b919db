import { BlockList, isIP } from 'node:net';

/**
 * Addresses that no endpoint may have: they would lead a host component that follows endpoints (ingress controllers,
 * load balancers) to itself or to a node's metadata service (CVE-2021-25737, CVE-2021-25740). IPv4 addresses written as
 * IPv6 are recognised.
 */
const FORBIDDEN: readonly (readonly [net: string, prefix: number, family: 'ipv4' | 'ipv6', what: string])[] = [
  ['0.0.0.0', 8, 'ipv4', 'an unspecified address'],
  ['127.0.0.0', 8, 'ipv4', 'a loopback address'],
  ['169.254.0.0', 16, 'ipv4', 'a link-local address'],
  ['224.0.0.0', 4, 'ipv4', 'a multicast address'],
  ['255.255.255.255', 32, 'ipv4', 'the broadcast address'],
  ['::', 128, 'ipv6', 'an unspecified address'],
  ['::1', 128, 'ipv6', 'a loopback address'],
  ['fe80::', 10, 'ipv6', 'a link-local address'],
  ['ff00::', 8, 'ipv6', 'a multicast address'],
];

const LISTS = FORBIDDEN.map(([net, prefix, family, what]) => {
  const list = new BlockList();
  list.addSubnet(net, prefix, family);
  return { list, what };
});

/** What is wrong with an endpoint's address (`a loopback address`), or `undefined` when it may be used. */
export function forbiddenAddress(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return 'no IP address';
  return LISTS.find(({ list }) => list.check(address, version === 4 ? 'ipv4' : 'ipv6'))?.what;
}
