import { shortHash } from '../../lib/contract';
import type { Pod, PodSpec } from './types';

const PREFIX = 'sublet.dev/gate-';

type SchedulingGates = NonNullable<PodSpec['schedulingGates']>;

/**
 * A pod's scheduling gates under names of ours. Under its own name a tenant's gate could be opened, or minded, by a
 * controller of the host that knows it; and a gate that the host adds must not be taken for the tenant's.
 */
export function hostSchedulingGates(v: Pod): SchedulingGates | undefined {
  const gates = v.spec.schedulingGates;
  return gates?.length ? gates.map(({ name }) => ({ name: `${PREFIX}${shortHash(name)}` })) : undefined;
}

/** Whether a gate on a host pod stands for one of the tenant's. */
export function isOwnGate(name: string): boolean {
  return name.startsWith(PREFIX);
}
