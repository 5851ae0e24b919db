import { safeConcat } from '../../../lib/contract';
import { type Declaration, toVirtual } from '../../engine/declaration';
import { mergePatch } from '../../engine/diff';
import { pick } from '../../engine/pick';
import { isSelected } from '../../engine/selected';
import { splitKey } from '../../engine/side';
import type { Change, Translation } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { Json, KubeObject, ObjectKey } from '../../kube/types';
import { knownClasses } from '../classes/known';
import { shownStorage } from './shown';

/** A CSIStorageCapacity: how much room a driver has for a class in one part of the cluster. */
export interface CsiStorageCapacity extends KubeObject {
  readonly storageClassName: string;
  readonly nodeTopology?: Json;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
}

/** Where the virtual cluster shows the capacities of all host namespaces. */
const NAMESPACE = 'kube-system';

/** The key of a capacity in the virtual cluster, as vCluster forms it: `kube-system/<name>-x-<hostNamespace>`. */
export function virtualCapacityKey(hostKey: ObjectKey): ObjectKey {
  const { namespace = '', name } = splitKey(hostKey);
  return `${NAMESPACE}/${safeConcat(name, 'x', namespace)}`;
}

/**
 * What the virtual cluster shows of a capacity.
 * @param isKnown whether tenants know the class of this name
 */
export function toVirtualCapacity(
  host: CsiStorageCapacity,
  isKnown: (className: string) => boolean,
): Translation<CsiStorageCapacity> {
  if (!isKnown(host.storageClassName)) return { kind: 'skip', reason: 'its class is not shown' };
  const { name = '', namespace = '' } = host.metadata;
  return {
    kind: 'object',
    object: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIStorageCapacity',
      metadata: { name: safeConcat(name, 'x', namespace), namespace: NAMESPACE },
      storageClassName: host.storageClassName,
      ...pick(host, ['nodeTopology', 'capacity', 'maximumVolumeSize']),
    },
  };
}

/** The writes that bring a capacity shown to what the host says. */
export function capacityChanges(desired: CsiStorageCapacity, current: CsiStorageCapacity): readonly Change[] {
  const fixed = ['storageClassName', 'nodeTopology'];
  const patch = mergePatch(desired, current, ['capacity', 'maximumVolumeSize', ...fixed]);
  if (patch === undefined) return [];
  return fixed.some((field) => field in patch)
    ? [{ kind: 'recreate', reason: 'class and topology of a capacity can not be changed in place' }]
    : [{ kind: 'patch', patch }];
}

const { csiStorageCapacities: resource } = RESOURCES;

/** How much room the host's storage drivers have. */
export const csiStorageCapacities: Declaration = toVirtual<CsiStorageCapacity, CsiStorageCapacity>({
  resource,
  enabled: (context) => shownStorage('csiStorageCapacities')(context).enabled,
  kind(context, sides) {
    const classes = knownClasses(context, sides);
    const { selector } = shownStorage('csiStorageCapacities')(context);
    const isKnown = (name: string) =>
      classes.kind === 'of-the-host' || classes.list().some(({ metadata }) => metadata.name === name);
    // A name that may be a hash can't be read backwards; every host key is asked for before its virtual one is.
    const hostKeys = new Map<ObjectKey, ObjectKey>();
    return {
      resource,
      virtualKeyOf(hostKey) {
        const key = virtualCapacityKey(hostKey);
        hostKeys.set(key, hostKey);
        return key;
      },
      hostKeyOf: (key) => hostKeys.get(key),
      translate: (host) =>
        isSelected(host, selector) ? toVirtualCapacity(host, isKnown) : { kind: 'skip', reason: 'it is not selected' },
      changes: capacityChanges,
    };
  },
});
