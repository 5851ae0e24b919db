import type { ResolvedPolicy } from '../../spec';
import { endpointSlots } from '../endpoint';
import { fill, plainFiller } from '../fill';
import { isolationSlots } from '../isolation';
import { grantSlots } from '../rbac';
import { syncerRights } from '../rights';
import { sectionSlot } from '../sections';
import type { Manifest, Slot } from '../slot';
import { rightsBeyond } from './rights-beyond';

/**
 * The objects of a policy, in the order in which they are to be applied: what keeps pods in, the rights that it takes,
 * then its section of the syncer's configuration.
 * @throws SubletError `SPEC_INVALID` when a marker stands in the declaration
 */
export function generatePolicy(policy: ResolvedPolicy): readonly Slot[] {
  return policyTemplates(policy).map(({ slot, object }) => ({ slot, object: fill(object, plainFiller) as Manifest }));
}

/** {@link generatePolicy} before markers are replaced and JSON is written out: what adapters start from. */
export function policyTemplates({ section, cluster, without }: ResolvedPolicy): readonly Slot[] {
  return [
    ...(section === 'isolation' ? isolationSlots(cluster) : []),
    ...grantSlots(cluster, rightsBeyond(syncerRights(cluster), syncerRights(without)), section),
    sectionSlot(cluster, section, cluster.sections[section]),
    ...(section === 'endpoint' ? endpointSlots(cluster) : []),
  ];
}
