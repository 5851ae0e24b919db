import type { ClusterContext } from '../engine/types';

/** Whether the tenant's own scheduler places pods: it must know of drivers, their room on nodes, and of volumes. */
export function schedulesItself({ sections }: Pick<ClusterContext, 'sections'>): boolean {
  const by: string = sections.nodes.scheduling.by;
  return by === 'virtual';
}
