import { hostLabelKey } from '../../lib/contract';
import type { ClusterContext } from './types';

/** The key under which a tenant's label reaches the host: hashed, unless the declaration preserves it. */
export function hostLabelKeyOf(key: string, ctx: ClusterContext): string {
  return hostLabelKey(key, ctx.cluster);
}
