import type { Toleration } from 'kubernetes-types/core/v1';
import { parseToleration } from '../../lib/contract';
import { isSame } from './same';
import type { PodContext, PodSpec } from './types';

/** Where the declaration lets pods run: labels of nodes and tolerations that no tenant can do without. */
export function enforcedPlacement(
  nodeSelector: PodSpec['nodeSelector'],
  tolerations: PodSpec['tolerations'],
  ctx: Pick<PodContext, 'sections'>,
): Pick<PodSpec, 'nodeSelector' | 'tolerations'> {
  const { enforceNodeSelector, enforceTolerations } = ctx.sections.sync.toHost.pods;
  const selector = { ...nodeSelector, ...enforceNodeSelector };
  const enforced = enforceTolerations.flatMap((text): Toleration[] => {
    const parsed = parseToleration(text);
    return parsed === undefined ? [] : [{ ...parsed }];
  });
  const own = tolerations ?? [];
  const added = enforced.filter((one) => !own.some((other) => isSame(withDefault(other), one)));
  return {
    ...(Object.keys(selector).length > 0 && { nodeSelector: selector }),
    ...(own.length + added.length > 0 && { tolerations: [...own, ...added] }),
  };
}

function withDefault(toleration: Toleration): Toleration {
  return { ...toleration, operator: toleration.operator ?? 'Equal' };
}
