import { isStorageShown } from '../../../lib/contract';
import { isSelected } from '../../engine/selected';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { StorageClass } from '../types';
import type { StorageClasses } from './choose';

/**
 * The storage classes that claims may name. Classes of the host are read from the host itself: a tenant may give an
 * object of their own any name and any mark.
 */
export function knownClasses({ sections }: ClusterContext, sides: SideRegistry): StorageClasses {
  const { sync } = sections;
  if (sync.toHost.storageClasses.enabled) {
    const own = sides.virtual<StorageClass>(RESOURCES.storageClasses).cache;
    return { kind: 'own', list: () => own.list() };
  }
  const { selector } = sync.fromHost.storageClasses;
  if (!isStorageShown('storageClasses', sections)) return { kind: 'of-the-host' };
  const host = sides.foreign<StorageClass>(RESOURCES.storageClasses).cache;
  return { kind: 'shown', list: () => host.list().filter((one) => isSelected(one, selector)) };
}
