import type { NodesSection } from '../../lib/contract';
import type { Pod } from '../pods/types';

/** Who chooses the node of a pod: the host's scheduler, or one inside the virtual cluster. */
export type PlacedBy = 'host' | 'cluster';

/** The scheduler that pods get which name none. Source: Kubernetes' `v1.DefaultSchedulerName`. */
const DEFAULT_SCHEDULER = 'default-scheduler';

/**
 * Who chooses the node of a pod. Schedulers that a tenant installs are known by their names alone, and every cluster may
 * have some; `default-scheduler` is the virtual cluster's own where it has one.
 */
export function placedBy({ spec }: Pod, section: Pick<NodesSection, 'scheduling'>): PlacedBy {
  if (section.scheduling.by === 'own') return 'cluster';
  return (spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER ? 'host' : 'cluster';
}

/** What a pod waits for before the host may see it: for a node, where its scheduler is inside the virtual cluster. */
export function awaitedNode(v: Pod, section: Pick<NodesSection, 'scheduling'>): string | undefined {
  if (v.spec.nodeName || placedBy(v, section) === 'host') return undefined;
  return `the scheduler ${v.spec.schedulerName ?? DEFAULT_SCHEDULER} has not chosen a node`;
}
