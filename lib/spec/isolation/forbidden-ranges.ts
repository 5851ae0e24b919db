import { type AddressRange, NEVER_REACHED, nat64Range, rangesOf } from '../../contract/network';

/** Ranges of the host, as a schema or a declaration has them. */
export interface KnownRanges {
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
  readonly services: readonly string[];
  readonly api?: readonly string[] | undefined;
}

/** All that tenants' pods must never reach, also where a translator of addresses stands between IPv6 and IPv4. */
export function forbiddenRanges(host: KnownRanges | undefined): readonly AddressRange[] {
  const { nodes = [], pods = [], services = [], api = [] } = host ?? {};
  const plain = rangesOf([...NEVER_REACHED, ...nodes, ...pods, ...services, ...api]);
  return plain.flatMap((range) => (range.family === 4 ? [range, nat64Range(range)] : [range]));
}
