import type { Service, ServicePort } from './types';

/** The part of an API server's refusal that tells what it could not allocate. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: number;
  readonly message: string;
}

/**
 * The Service to create instead of one whose ClusterIP or node port the host could not give: the same, with the choice
 * left to the host. `undefined` when the refusal is about something else. The host allocates the IP first, so that a
 * taken IP says nothing yet about the ports: then both are left to it.
 */
export function withoutAllocations(desired: Service, refusal: Refusal): Service | undefined {
  const { clusterIP, clusterIPs: _, ports, healthCheckNodePort: __, ...rest } = desired.spec ?? {};
  const free = { ...rest, ...(ports && { ports: ports.map(withoutNodePort) }) };
  switch (conflictOf(refusal)) {
    case 'ip':
      if (!clusterIP || clusterIP === 'None') return undefined;
      return { ...desired, spec: free };
    case 'port': {
      const { clusterIPs } = desired.spec ?? {};
      return { ...desired, spec: { ...free, ...(clusterIP && { clusterIP }), ...(clusterIPs && { clusterIPs }) } };
    }
    case undefined:
      return undefined;
  }
}

/**
 * What the host could not allocate.
 * Source: the messages of Kubernetes' service allocators (`ErrAllocated`, `ErrNotInRange` in
 * pkg/registry/core/service/{ipallocator,portallocator}).
 */
export function conflictOf({ status, message }: Refusal): 'ip' | 'port' | undefined {
  if (status !== 422 && status !== 500) return undefined;
  if (/provided IP is already allocated|failed to allocate IP|not in the valid range/i.test(message)) {
    return /provided port/i.test(message) ? 'port' : 'ip';
  }
  return /provided port is (already allocated|not in the valid range)/i.test(message) ? 'port' : undefined;
}

function withoutNodePort({ nodePort: _, ...port }: ServicePort): ServicePort {
  return port;
}
