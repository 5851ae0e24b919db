import type { NodeSelectorTerm } from 'kubernetes-types/core/v1';
import type { NodesSection } from '../../lib/contract';

type Requirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];

/** What every host pod demands of its node, so that no pod leaves the nodes that its virtual cluster may use. */
export function forcedLabels(section: NodesSection): readonly Requirement[] {
  if (!('selector' in section) || section.scheduling.by === 'host') return [];
  return Object.entries(section.selector).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}
