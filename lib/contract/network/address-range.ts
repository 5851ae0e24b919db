import { isIP } from 'node:net';

/** A range of addresses: those whose first {@link bits} bits are those of {@link first}. */
export interface AddressRange {
  readonly family: 4 | 6;
  /** The lowest address of the range, as a number. */
  readonly first: bigint;
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** IPv4 written as IPv6: `::ffff:192.0.2.1`. */
const MAPPED = { first: 0xffff_0000_0000n, bits: 96 } as const;

/**
 * Reads a range such as `10.0.0.0/8`, or a single address. Bits beyond the prefix are dropped, and IPv4 written as IPv6
 * is IPv4: some networks take it for that. `undefined` for anything that is not plainly a range.
 */
export function parseRange(text: unknown): AddressRange | undefined {
  if (typeof text !== 'string') return undefined;
  const [address = '', prefix, ...more] = text.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (more.length > 0 || version === 0) return undefined;
  const family = version === 4 ? 4 : 6;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const bits = prefix === undefined ? WIDTH[family] : Number(prefix);
  if (bits > WIDTH[family]) return undefined;
  const value = family === 4 ? ipv4Value(address) : ipv6Value(address);
  const first = lowest(value, family, bits);
  if (family === 6 && bits >= MAPPED.bits && value >> 32n === MAPPED.first >> 32n) {
    return { family: 4, first: first & 0xffff_ffffn, bits: bits - MAPPED.bits };
  }
  return { family, first, bits };
}

/** The usual spelling: `10.0.0.0/8`, `fd00::/8`. */
export function formatRange({ family, first, bits }: AddressRange): string {
  return `${family === 4 ? ipv4Text(first) : ipv6Text(first)}/${bits}`;
}

/** Whether every address of `inner` is one of `outer`. */
export function coversRange(outer: AddressRange, inner: AddressRange): boolean {
  return (
    outer.family === inner.family &&
    outer.bits <= inner.bits &&
    lowest(inner.first, inner.family, outer.bits) === outer.first
  );
}

/** The addresses that two ranges have in common. Of two ranges one always holds the other, or they have none. */
export function commonRange(a: AddressRange, b: AddressRange): AddressRange | undefined {
  if (coversRange(a, b)) return b;
  return coversRange(b, a) ? a : undefined;
}

/**
 * The exceptions that count inside of a range, in order and none inside another; `undefined` when they leave nothing of
 * the range.
 */
export function exceptionsIn(
  range: AddressRange,
  exceptions: readonly AddressRange[],
): readonly AddressRange[] | undefined {
  if (exceptions.some((one) => coversRange(one, range))) return undefined;
  const inside = exceptions.filter((one) => coversRange(range, one));
  const widest = inside.filter(
    (one, index) =>
      !inside.some((other, at) => at !== index && coversRange(other, one) && (!coversRange(one, other) || at < index)),
  );
  const taken = widest.reduce((sum, one) => sum + size(one), 0n);
  if (taken === size(range)) return undefined;
  return widest.toSorted((a, b) => (a.first < b.first ? -1 : 1));
}

/** An IPv4 range as networks without IPv4 reach it (NAT64, RFC 6052): `64:ff9b::10.0.0.0/104`. */
export function nat64Range({ first, bits }: AddressRange): AddressRange {
  return { family: 6, first: (0x64_ff9bn << 96n) | first, bits: bits + 96 };
}

function size({ family, bits }: AddressRange): bigint {
  return 1n << BigInt(WIDTH[family] - bits);
}

function lowest(value: bigint, family: 4 | 6, bits: number): bigint {
  const rest = BigInt(WIDTH[family] - bits);
  return (value >> rest) << rest;
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

function ipv6Value(address: string): bigint {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
