import { isStorageShown, type SchedulerKind } from '../../../lib/contract';
import type { Declaration } from '../../engine/declaration';
import { pick } from '../../engine/pick';
import { shownClass } from '../../engine/shown-class';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject } from '../../kube/types';

/** A CSIDriver, as far as every supported version of Kubernetes knows it. */
interface CsiDriver extends KubeObject {
  readonly spec: {
    readonly attachRequired?: boolean;
    readonly podInfoOnMount?: boolean;
    readonly storageCapacity?: boolean;
    readonly volumeLifecycleModes?: readonly string[];
    readonly fsGroupPolicy?: string;
    readonly requiresRepublish?: boolean;
    readonly seLinuxMount?: boolean;
  };
}

/** Whether a kind of storage is shown, and which objects of it. */
export function shownStorage(kind: SchedulerKind) {
  return ({ sections }: ClusterContext) => ({
    enabled: isStorageShown(kind, sections),
    selector: sections.sync.fromHost[kind].selector,
  });
}

/** The host's storage drivers. For which audiences they get tokens of pods stays hidden. */
export const csiDrivers: Declaration = shownClass<CsiDriver>({
  resource: RESOURCES.csiDrivers,
  settings: shownStorage('csiDrivers'),
  content: ({ spec }) => ({
    spec: {
      ...pick(spec, ['attachRequired', 'podInfoOnMount', 'storageCapacity', 'volumeLifecycleModes']),
      ...pick(spec, ['fsGroupPolicy', 'requiresRepublish', 'seLinuxMount']),
    },
  }),
  owned: [
    ...['spec.attachRequired', 'spec.podInfoOnMount', 'spec.storageCapacity', 'spec.volumeLifecycleModes'],
    ...['spec.fsGroupPolicy', 'spec.requiresRepublish', 'spec.seLinuxMount'],
  ],
  immutable: ['spec'],
});
