import type { ResolvedSpec } from '../spec';

import { endpointSlots } from './endpoint';
import { fill, plainFiller } from './fill';
import { isolationSlots } from './isolation';
import { namespaceSlots } from './namespace';
import { rbacSlots } from './rbac';
import { sectionSlots } from './sections';
import { serviceSlots } from './services';
import type { Manifest, Slot } from './slot';
import { statefulSetSlots } from './statefulset';

/**
 * The objects of a virtual cluster, in the order in which they are to be applied. The same declaration always gives the
 * same objects, in the same order and under the same slots.
 * @throws SubletError `SPEC_INVALID` when a marker stands in the declaration
 */
export function generate(spec: ResolvedSpec): readonly Slot[] {
  return templates(spec).map(({ slot, object }) => ({ slot, object: fill(object, plainFiller) as Manifest }));
}

/** {@link generate} before markers are replaced and JSON is written out: what adapters start from. */
export function templates(spec: ResolvedSpec): readonly Slot[] {
  return [
    ...namespaceSlots(spec),
    ...isolationSlots(spec),
    ...rbacSlots(spec),
    ...sectionSlots(spec),
    ...serviceSlots(spec),
    ...endpointSlots(spec),
    ...statefulSetSlots(spec),
  ];
}
