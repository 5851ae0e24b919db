import type { NodesSection } from './config/nodes';
import type { SyncSection } from './config/sync';

/** Kinds of storage that the tenant's own scheduler needs to know. */
export type SchedulerKind = 'storageClasses' | 'csiDrivers' | 'csiNodes' | 'csiStorageCapacities';

/** The parts of the configuration that decide about storage. */
export interface StorageSections {
  /** What is copied and what is shown. */
  readonly sync: Pick<SyncSection, 'toHost' | 'fromHost'>;
  /** Who places pods. */
  readonly nodes: Pick<NodesSection, 'scheduling'>;
}

/** Whether the tenant's own scheduler places pods, so that it must know of claims, drivers and their room on nodes. */
export function schedulesOwnVolumes({ sync, nodes }: StorageSections): boolean {
  return nodes.scheduling.by === 'own' && sync.toHost.persistentVolumeClaims.enabled;
}

/** Whether a kind of the host is shown: where nothing is said, as soon as the tenant's own scheduler needs it. */
export function isStorageShown(kind: SchedulerKind, sections: StorageSections): boolean {
  const { toHost, fromHost } = sections.sync;
  const { enabled } = fromHost[kind];
  if (enabled !== 'auto') return enabled;
  return schedulesOwnVolumes(sections) && !(kind === 'storageClasses' && toHost.storageClasses.enabled);
}

/** Whether the host's volumes are read: to copy the tenant's own, or to tell a scheduler on which nodes they work. */
export function readsHostVolumes(sections: StorageSections): boolean {
  return sections.sync.toHost.persistentVolumes.enabled || schedulesOwnVolumes(sections);
}
