import type { ResolvedSpec } from '../../spec';
import type { Slot } from '../slot';
import { limitRangeSlots } from './limit-range';
import { networkPolicySlots } from './network-policies';
import { resourceQuotaSlots } from './resource-quota';

/** What keeps tenants in bounds on the host by the host's own means, beside what the syncer enforces. */
export function isolationSlots(spec: ResolvedSpec): readonly Slot[] {
  return [...networkPolicySlots(spec), ...resourceQuotaSlots(spec), ...limitRangeSlots(spec)];
}
