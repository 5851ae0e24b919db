import type { NodeAffinity, NodeSelectorTerm } from 'kubernetes-types/core/v1';
import { forcedLabels } from '../scheduling/forced-labels';
import { placedBy } from '../scheduling/placed-by';
import { wasBound } from './bound';
import type { Pod, PodContext, Refusal } from './types';

/**
 * The host's node affinity. A pod that has its node goes there by the host's scheduler, which checks what fits and what
 * is allowed; `spec.nodeName` itself, which passes by every check, never reaches the host. The labels that every pod's
 * node must have are demanded here and not in `nodeSelector`, which can say only one thing about a label: they add to
 * what a pod selects itself.
 */
export function hostNodeAffinity(v: Pod, ctx: PodContext): NodeAffinity | undefined {
  const { nodes } = ctx.sections;
  const { nodeName, affinity } = v.spec;
  // A scheduler that has chosen the node has heeded the pod's own wishes.
  const own = placedBy(v, nodes) === 'host' ? affinity?.nodeAffinity : undefined;
  const added: NodeSelectorTerm = {
    matchExpressions: [...forcedLabels(nodes)],
    matchFields: nodeName ? [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] : [],
  };
  if (isEmpty(added)) return own;
  const required = own?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return {
    ...own,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: narrowed(required, added) },
  };
}

/** Whether a new pod names a node that its virtual cluster does not have. A bound one may outlive its node. */
export function refusedNode(v: Pod, ctx: PodContext): Refusal | undefined {
  const { nodeName } = v.spec;
  if (!nodeName || ctx.knownNodes.has(nodeName) || wasBound(v)) return undefined;
  return { field: 'spec.nodeName', message: `spec.nodeName: this virtual cluster has no node ${nodeName}` };
}

/** Terms are alternatives, so each gets what is added. An empty one matches no node, and must go on doing so. */
function narrowed(terms: readonly NodeSelectorTerm[] | undefined, added: NodeSelectorTerm): NodeSelectorTerm[] {
  if (terms === undefined) return [withAdded({}, added)];
  const matching = terms.filter((term) => !isEmpty(term));
  return matching.length === 0 ? [{}] : matching.map((term) => withAdded(term, added));
}

function withAdded(term: NodeSelectorTerm, added: NodeSelectorTerm): NodeSelectorTerm {
  const matchExpressions = [...(term.matchExpressions ?? []), ...(added.matchExpressions ?? [])];
  const matchFields = [...(term.matchFields ?? []), ...(added.matchFields ?? [])];
  return {
    ...(matchExpressions.length > 0 && { matchExpressions }),
    ...(matchFields.length > 0 && { matchFields }),
  };
}

function isEmpty({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  return matchExpressions.length === 0 && matchFields.length === 0;
}
