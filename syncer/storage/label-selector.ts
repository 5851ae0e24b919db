import { hostLabelKeyOf } from '../engine/label-keys';
import type { ClusterContext } from '../engine/types';
import type { LabelSelector } from './types';

/** A tenant's label selector under the keys that their labels have on the host. */
export function hostLabelSelector(
  { matchLabels, matchExpressions }: LabelSelector,
  ctx: ClusterContext,
): LabelSelector {
  return {
    ...(matchLabels && {
      matchLabels: Object.fromEntries(
        Object.entries(matchLabels).map(([key, value]) => [hostLabelKeyOf(key, ctx), value]),
      ),
    }),
    ...(matchExpressions && {
      matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
        key: hostLabelKeyOf(key, ctx),
        operator,
        ...(values && { values }),
      })),
    }),
  };
}
