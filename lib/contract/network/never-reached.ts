import { type AddressRange, parseRange } from './address-range';

/**
 * Addresses that lead a pod to its node or to the cloud's description of it, on every network: link-local ones, and the
 * metadata services that have others (AWS and Google over IPv6, Azure, Alibaba). No rule opens them.
 */
export const NEVER_REACHED: readonly string[] = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '168.63.129.16/32',
  '100.100.100.200/32',
];

/** The ranges among some texts. */
export function rangesOf(texts: readonly unknown[]): readonly AddressRange[] {
  return texts.flatMap((text) => parseRange(text) ?? []);
}
