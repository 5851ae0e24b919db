import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { hostNamespaceLabelKey, LABELS } from '../../lib/contract';
import { hostLabelKeyOf } from '../engine/label-keys';
import { markLabels } from '../engine/placement';
import type { ClusterContext } from '../engine/types';

/** One requirement of a {@link LabelSelector}. */
export type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/** A tenant's label selector, its keys as the host's copies of the tenant's objects carry them. */
export function hostLabelSelector(selector: LabelSelector, ctx: ClusterContext): LabelSelector {
  return withKeys(selector, (key) => hostLabelKeyOf(key, ctx));
}

/** A tenant's label selector over namespaces, as one over the host's pods, which carry their namespace's labels. */
export function hostNamespaceSelector(selector: LabelSelector, cluster: string): LabelSelector {
  return withKeys(selector, (key) => hostNamespaceLabelKey(key, cluster));
}

/** What both selectors ask for. Their keys must differ, which those of pods, of namespaces and our own do. */
export function allOf(...selectors: readonly LabelSelector[]): LabelSelector {
  const matchExpressions = selectors.flatMap((selector) => selector.matchExpressions ?? []);
  return {
    matchLabels: Object.assign({}, ...selectors.map((selector) => selector.matchLabels)),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

/** Pods of this virtual cluster. */
export function ofCluster(ctx: ClusterContext): LabelSelector {
  return { matchLabels: markLabels(ctx) };
}

/** Pods of one virtual namespace of this virtual cluster. */
export function ofNamespace(namespace: string, ctx: ClusterContext): LabelSelector {
  return { matchLabels: { ...markLabels(ctx), [LABELS.namespace]: namespace } };
}

/**
 * `matchLabelKeys` that the host has yet to resolve. The virtual API server has put those of a new pod into the
 * selector already, and the host's refuses a key that stands in both.
 */
export function pendingLabelKeys(
  keys: readonly string[] | undefined,
  selector: LabelSelector,
  ctx: ClusterContext,
): string[] | undefined {
  const resolved = new Set(selector.matchExpressions?.map(({ key }) => key));
  const pending = keys?.filter((key) => !resolved.has(key)).map((key) => hostLabelKeyOf(key, ctx));
  return pending?.length ? pending : undefined;
}

function withKeys(selector: LabelSelector, rename: (key: string) => string): LabelSelector {
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels && {
      matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [rename(key), value])),
    }),
    ...(matchExpressions && {
      matchExpressions: matchExpressions.map((requirement) => ({ ...requirement, key: rename(requirement.key) })),
    }),
  };
}
