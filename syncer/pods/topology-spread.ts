import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { pick } from '../engine/pick';
import { allOf, hostLabelSelector, ofNamespace, pendingLabelKeys } from './selectors';
import type { Pod, PodContext } from './types';

/** A constraint, with the fields since 1.27. */
type Constraint = TopologySpreadConstraint & { readonly matchLabelKeys?: string[] };

/** Topology spread over the host's pods: it counts the pods of one virtual namespace, as in the virtual cluster. */
export function hostTopologySpread(v: Pod, ctx: PodContext): TopologySpreadConstraint[] | undefined {
  return v.spec.topologySpreadConstraints?.map((constraint) => hostConstraint(constraint, v, ctx));
}

function hostConstraint(constraint: Constraint, v: Pod, ctx: PodContext): Constraint {
  const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector, matchLabelKeys } = constraint;
  const plain = {
    ...pick(constraint, ['minDomains', 'nodeAffinityPolicy', 'nodeTaintsPolicy']),
    maxSkew,
    topologyKey,
    whenUnsatisfiable,
  };
  // Without a selector a constraint counts no pod at all, and must go on doing so.
  if (!labelSelector) return plain;
  const pending = pendingLabelKeys(matchLabelKeys, labelSelector, ctx);
  const scope = ofNamespace(v.metadata.namespace ?? '', ctx);
  return {
    ...plain,
    labelSelector: allOf(hostLabelSelector(labelSelector, ctx), scope),
    ...(pending && { matchLabelKeys: pending }),
  };
}
