/** Ports of one protocol, both ends included. */
export interface PortRange {
  readonly protocol: string;
  readonly port: number;
  /** @default {@link port} */
  readonly endPort?: number | undefined;
}

/** A port of a network policy: a name, or no port at all, for all ports of the protocol. */
export interface PolicyPort {
  readonly protocol?: string | undefined;
  readonly port?: number | string | undefined;
  readonly endPort?: number | undefined;
}

/**
 * The ports that two lists have in common, either empty for all; `undefined` when they have none. A port by name means
 * whatever the pod at the other end calls so: it is kept only where everything is allowed.
 */
export function commonPorts(
  wanted: readonly PolicyPort[],
  allowed: readonly PortRange[],
): readonly PolicyPort[] | undefined {
  if (allowed.length === 0) return wanted;
  if (wanted.length === 0) return allowed;
  const common = wanted.flatMap((one) => allowed.flatMap((other) => commonPort(one, other)));
  return common.length === 0 ? undefined : common;
}

function commonPort(wanted: PolicyPort, allowed: PortRange): readonly PortRange[] {
  const { protocol = 'TCP', port, endPort } = wanted;
  if (protocol !== allowed.protocol || typeof port === 'string') return [];
  if (port === undefined) return [allowed];
  const first = Math.max(port, allowed.port);
  const last = Math.min(endPort ?? port, allowed.endPort ?? allowed.port);
  if (first > last) return [];
  return [{ protocol, port: first, ...(last > first && { endPort: last }) }];
}
