import type { NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1';
import {
  type AddressRange,
  type Allowance,
  commonPorts,
  commonRange,
  exceptionsIn,
  formatRange,
  type PolicyPort,
  parseRange,
  rangesOf,
} from '../../../lib/contract/network';

/** A rule of a policy, whichever its direction: peers and ports, either empty for all. */
export interface Rule {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly PolicyPort[];
}

/** A tenant's rule within what isolation allows. */
export interface Clipped {
  readonly rules: readonly Rule[];
  /** What of it was taken away, worded for the tenant; each begins with the field. */
  readonly taken: readonly string[];
}

type IpBlock = NonNullable<NetworkPolicyPeer['ipBlock']>;

/**
 * What is left of a tenant's rule for everybody (`peers: []`), within what isolation allows. Nobody is ever left out of
 * `allowed` by accident: a rule without a peer would mean everybody again, so each one here has its peers.
 */
export function clippedToAllowed(
  ports: readonly NetworkPolicyPort[],
  allowed: readonly Allowance[],
  field: string,
): Clipped {
  const rules = allowed.flatMap((one) => {
    const common = commonPorts(ports, one.ports);
    return common === undefined ? [] : [{ peers: one.peers, ports: common }];
  });
  return { rules, taken: [`${field}: names no peers and so means everything; only what isolation allows counts`] };
}

/**
 * What is left of a tenant's block of addresses. Pods of the own cluster are meant by their labels, not by their
 * addresses; only a block of all addresses means them too.
 */
export function clippedBlock(
  block: IpBlock,
  ports: readonly NetworkPolicyPort[],
  allowed: readonly Allowance[],
  field: string,
): Clipped {
  const wanted = parseRange(block.cidr);
  const except = (block.except ?? []).map(parseRange);
  if (wanted === undefined || except.some((one) => one === undefined)) {
    return { rules: [], taken: [`${field}: ${block.cidr} is not plainly a range of addresses`] };
  }
  const exceptions = rangesOf(block.except ?? []);
  if (wanted.bits === 0 && exceptions.length === 0) return clippedWorld(block, ports, allowed, field);
  const rules = allowed.flatMap(({ peers, ports: open }) => {
    const common = commonPorts(ports, open);
    const blocks = common && peers.flatMap((peer) => commonBlock({ range: wanted, exceptions }, peer) ?? []);
    return common === undefined || blocks === undefined || blocks.length === 0
      ? []
      : [{ peers: blocks.map((ipBlock) => ({ ipBlock })), ports: common }];
  });
  if (isSame(rules, block, ports)) return { rules, taken: [] };
  const left = rules.length === 0 ? 'nothing of it is allowed' : 'only what isolation allows of it counts';
  return { rules, taken: [`${field}: ${block.cidr}: ${left}`] };
}

/** All addresses of one family: everything that isolation allows, less addresses of the other. */
function clippedWorld(
  block: IpBlock,
  ports: readonly NetworkPolicyPort[],
  allowed: readonly Allowance[],
  field: string,
): Clipped {
  const isIpv6 = block.cidr.includes(':');
  const all = clippedToAllowed(ports, allowed, field);
  const rules = all.rules.flatMap((rule) => {
    const peers = rule.peers.filter(({ ipBlock }) => ipBlock === undefined || ipBlock.cidr.includes(':') === isIpv6);
    return peers.length === 0 ? [] : [{ ...rule, peers }];
  });
  return { rules, taken: [`${field}: ${block.cidr} means everything; only what isolation allows counts`] };
}

interface Wanted {
  readonly range: AddressRange;
  readonly exceptions: readonly AddressRange[];
}

function commonBlock({ range, exceptions }: Wanted, { ipBlock }: NetworkPolicyPeer): IpBlock | undefined {
  const open = ipBlock && parseRange(ipBlock.cidr);
  const common = open && commonRange(range, open);
  if (common === undefined) return undefined;
  const except = exceptionsIn(common, [...exceptions, ...rangesOf(ipBlock?.except ?? [])]);
  if (except === undefined) return undefined;
  return { cidr: formatRange(common), ...(except.length > 0 && { except: except.map(formatRange) }) };
}

function isSame(rules: readonly Rule[], block: IpBlock, ports: readonly PolicyPort[]): boolean {
  const [rule, ...more] = rules;
  const [peer, ...others] = rule?.peers ?? [];
  if (rule === undefined || more.length > 0 || others.length > 0) return false;
  const texts = (list: readonly string[] = []) => rangesOf(list).map(formatRange).sort().join();
  return (
    peer?.ipBlock !== undefined &&
    texts([peer.ipBlock.cidr]) === texts([block.cidr]) &&
    texts(peer.ipBlock.except) === texts(block.except) &&
    JSON.stringify(rule.ports) === JSON.stringify(ports)
  );
}
