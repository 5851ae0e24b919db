import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { StringMap } from '../engine/metadata';
import { isSelected } from '../engine/selected';

/** Whether a selector as Kubernetes' objects state it means an object with these labels. An empty one means all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: StringMap): boolean {
  const requirements = matchExpressions.map(({ key, operator, values = [] }) => ({
    key,
    operator: OPERATORS.get(operator),
    values: [...values],
  }));
  return (
    requirements.every(({ operator }) => operator !== undefined) &&
    isSelected(
      { metadata: { labels } },
      {
        matchLabels,
        matchExpressions: requirements.flatMap(({ operator, ...one }) =>
          operator === undefined ? [] : [{ ...one, operator }],
        ),
      },
    )
  );
}

const OPERATORS = new Map<string, 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'>(
  (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const).map((operator) => [operator, operator]),
);
