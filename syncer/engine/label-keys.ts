import { hostLabelKey, isPreservedLabel } from '../../lib/contract';
import type { ClusterContext } from './types';

/** The key under which a tenant's label reaches the host: hashed, unless the declaration preserves it. */
export function hostLabelKeyOf(key: string, ctx: ClusterContext): string {
  return isPreserved(key, ctx) ? key : hostLabelKey(key, ctx.cluster);
}

/** Whether a tenant's label reaches the host under its own key. Selectors of every kind follow. */
export function isPreserved(key: string, { sections }: Pick<ClusterContext, 'sections'>): boolean {
  return isPreservedLabel(key, sections.sync.labels);
}
