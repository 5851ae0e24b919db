import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { StringMap } from '../engine/metadata';
import { isSelected } from '../engine/selected';

/** Whether a selector as Kubernetes' objects state it means an object with these labels. An empty one means all. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: StringMap): boolean {
  return isSelected({ metadata: { labels } }, { matchLabels, matchExpressions });
}
