import { isIP, isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from '../network/egress-decision';

/** The one spelling of a name under which names are compared: DNS knows no case. */
export function plainName(name: string): string {
  return name.toLowerCase();
}

/** Whether a name, plainly written, is `zone` or lies in it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** The bytes of an IP address, `undefined` when it is none. */
export function addressBytes(address: string): Uint8Array | undefined {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return undefined;
  if (version === 4) return Uint8Array.from(address.split('.'), Number);
  const [head = '', tail] = withoutDottedPart(address).split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/** The address that a name below `in-addr.arpa` or `ip6.arpa` stands for, `undefined` for a part of one. */
export function addressOfReverse(name: string): string | undefined {
  if (name.endsWith(V4)) {
    const address = name.slice(0, -V4.length).split('.').reverse().join('.');
    return isIPv4(address) ? address : undefined;
  }
  if (!name.endsWith(V6)) return undefined;
  const digits = name.slice(0, -V6.length).split('.').reverse();
  if (digits.length !== 32 || !digits.every((digit) => /^[0-9a-f]$/.test(digit))) return undefined;
  return plainAddress(digits.join('').replaceAll(/(....)(?!$)/g, '$1:'));
}

/** An address as a single label: `10-0-0-1`. */
export function dashedAddress(address: string): string {
  return address.replaceAll(/[.:]/g, '-');
}

/** The address that {@link dashedAddress} wrote, `undefined` when the label is none. */
export function addressOfDashed(label: string): string | undefined {
  return [label.replaceAll('-', '.'), label.replaceAll('-', ':')].find((text) => isIPv4(text) || isIPv6(text));
}

const V4 = '.in-addr.arpa';
const V6 = '.ip6.arpa';

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1`. */
function withoutDottedPart(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}
