import type { NodeAffinity, NodeSelectorTerm } from 'kubernetes-types/core/v1';
import { wasBound } from './bound';
import type { Pod, PodContext, Refusal } from './types';

/**
 * The host's node affinity. A pod that names its node goes there by the host's scheduler, which checks what fits and
 * what is allowed; `spec.nodeName` itself, which passes by every check, never reaches the host.
 */
export function hostNodeAffinity(v: Pod): NodeAffinity | undefined {
  const { nodeName, affinity } = v.spec;
  const own = affinity?.nodeAffinity;
  if (!nodeName) return own;
  const terms = own?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  return {
    ...own,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((term) => onNode(term, nodeName)) },
  };
}

/** Whether a new pod names a node that its virtual cluster does not have. A bound one may outlive its node. */
export function refusedNode(v: Pod, ctx: PodContext): Refusal | undefined {
  const { nodeName } = v.spec;
  if (!nodeName || ctx.knownNodes.has(nodeName) || wasBound(v)) return undefined;
  return { field: 'spec.nodeName', message: `spec.nodeName: this virtual cluster has no node ${nodeName}` };
}

function onNode(term: NodeSelectorTerm, nodeName: string): NodeSelectorTerm {
  const onIt = { key: 'metadata.name', operator: 'In', values: [nodeName] };
  return { ...term, matchFields: [...(term.matchFields ?? []), onIt] };
}
