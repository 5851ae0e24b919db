import type {
  Affinity,
  PodAffinityTerm as BasePodAffinityTerm,
  PodAffinity,
  PodAntiAffinity,
  WeightedPodAffinityTerm,
} from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { LABELS } from '../../lib/contract';
import { spansNamespaces } from '../engine/host-namespace';
import type { ClusterContext } from '../engine/types';
import { allOf, hostLabelSelector, hostNamespaceSelector, ofCluster, ofNamespace, pendingLabelKeys } from './selectors';
import type { Pod, PodContext, Refusal } from './types';

/** A term of pod affinity, with the fields since 1.31. */
type Term = BasePodAffinityTerm & { readonly matchLabelKeys?: string[]; readonly mismatchLabelKeys?: string[] };

/**
 * Pod affinity and anti-affinity over the host's pods. All of a virtual cluster's pods lie in one host namespace, so
 * what a term says of namespaces becomes a part of its label selector, and no term can see another cluster's pods.
 *
 * A term may list namespaces *and* select some: both count. One selector can't say "or", so the term becomes two
 * disjoint ones, which is exact for anti-affinity and for preferences. {@link refusedAffinity} tells where it is not.
 */
export function hostPodAffinity(v: Pod, ctx: PodContext): Pick<Affinity, 'podAffinity' | 'podAntiAffinity'> {
  const { podAffinity, podAntiAffinity } = v.spec.affinity ?? {};
  return {
    ...(podAffinity && { podAffinity: hostRules(podAffinity, v, ctx) }),
    ...(podAntiAffinity && { podAntiAffinity: hostRules(podAntiAffinity, v, ctx) }),
  };
}

/** The first required term of pod affinity that no host term can express. */
export function refusedAffinity(v: Pod): Refusal | undefined {
  const required = v.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const index = required.findIndex(isUnion);
  if (index === -1) return undefined;
  const field = `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[${index}].namespaceSelector`;
  return { field, message: `${field} can't be combined with namespaces in this virtual cluster` };
}

function hostRules<Rules extends PodAffinity & PodAntiAffinity>(rules: Rules, v: Pod, ctx: PodContext) {
  const required = rules.requiredDuringSchedulingIgnoredDuringExecution?.flatMap((term) => hostTerms(term, v, ctx));
  const preferred = rules.preferredDuringSchedulingIgnoredDuringExecution?.flatMap(
    ({ weight, podAffinityTerm }): WeightedPodAffinityTerm[] =>
      hostTerms(podAffinityTerm, v, ctx).map((term) => ({ weight, podAffinityTerm: term })),
  );
  return {
    ...(required && { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

function hostTerms(term: Term, v: Pod, ctx: PodContext): Term[] {
  const { topologyKey, labelSelector, matchLabelKeys, mismatchLabelKeys } = term;
  // Without a selector a term matches no pod at all, and must go on doing so.
  if (!labelSelector) return [{ topologyKey }];
  const match = pendingLabelKeys(matchLabelKeys, labelSelector, ctx);
  const mismatch = pendingLabelKeys(mismatchLabelKeys, labelSelector, ctx);
  const own = hostLabelSelector(labelSelector, ctx);
  return scopes(term, v, ctx).map((scope) => ({
    topologyKey,
    labelSelector: allOf(own, scope),
    // The labels tell whose pods are meant; in which host namespaces those lie does not matter.
    ...(spansNamespaces(ctx) && (term.namespaces?.length || term.namespaceSelector) && { namespaceSelector: {} }),
    ...(match && { matchLabelKeys: match }),
    ...(mismatch && { mismatchLabelKeys: mismatch }),
  }));
}

/** The sets of pods that a term looks at: disjoint, and together all of them. */
function scopes(term: Term, v: Pod, ctx: PodContext): readonly LabelSelector[] {
  const { namespaces = [], namespaceSelector } = term;
  if (namespaceSelector && isEverything(namespaceSelector)) return [ofCluster(ctx)];
  if (namespaceSelector) {
    const selected = allOf(hostNamespaceSelector(namespaceSelector, ctx.cluster), ofCluster(ctx));
    if (namespaces.length === 0) return [selected];
    return [inNamespaces('In', namespaces, ctx), allOf(selected, inNamespaces('NotIn', namespaces, ctx))];
  }
  if (namespaces.length > 0) return [inNamespaces('In', namespaces, ctx)];
  return [ofNamespace(v.metadata.namespace ?? '', ctx)];
}

function inNamespaces(operator: 'In' | 'NotIn', namespaces: readonly string[], ctx: ClusterContext): LabelSelector {
  return allOf(ofCluster(ctx), {
    matchExpressions: [{ key: LABELS.namespace, operator, values: [...namespaces] }],
  });
}

function isUnion({ labelSelector, namespaces, namespaceSelector }: Term): boolean {
  return (
    Boolean(labelSelector && namespaces?.length) &&
    namespaceSelector !== undefined &&
    namespaceSelector !== null &&
    !isEverything(namespaceSelector)
  );
}

function isEverything({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
