import { BlockList, isIP } from 'node:net';

/** Whether an address lies in one of the ranges (`192.0.2.0/24`). What is no address lies in none. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const [base = '', bits] = range.split('/');
    const of = isIP(base);
    if (of === family) list.addSubnet(base, Number(bits), familyName(of));
  }
  return list.check(address, familyName(family));
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 6 ? 'ipv6' : 'ipv4';
}
