import { isSelected } from '../engine/selected';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import type { KubeObject, Resource } from '../kube/types';

/** Which classes of the host the virtual cluster shows, by their names. */
export interface HostClasses {
  priorityClass(name: string): boolean;
  runtimeClass(name: string): boolean;
}

/** Nothing is shown. */
export const NO_HOST_CLASSES: HostClasses = { priorityClass: () => false, runtimeClass: () => false };

/** The classes that the configuration shows, as the host has them now. Their caches are those of the kinds themselves. */
export function hostClasses(registry: SideRegistry, { sections }: ClusterContext): HostClasses {
  const { priorityClasses, runtimeClasses } = sections.sync.fromHost;
  const shown = (resource: Resource, { enabled, selector }: typeof priorityClasses) => {
    if (!enabled) return () => false;
    const side = registry.foreign<KubeObject>(resource);
    return (name: string) => {
      const found = side.get(name);
      return found !== undefined && isSelected(found, selector);
    };
  };
  return {
    priorityClass: shown(RESOURCES.priorityClasses, priorityClasses),
    runtimeClass: shown(RESOURCES.runtimeClasses, runtimeClasses),
  };
}
