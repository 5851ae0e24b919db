import { hostLabelKeyOf } from '../engine/label-keys';
import { hostSelector, type StringMap } from '../engine/metadata';
import type { ClusterContext } from '../engine/types';
import { isMembers, type Members } from './paths';

/**
 * Whether a value is a label selector in Kubernetes' form (`matchLabels`, `matchExpressions`) or a plain map of labels.
 * What is neither could not be bounded to the tenant's objects.
 */
export function isSelector(value: unknown): value is Members {
  if (!isMembers(value)) return false;
  if (!('matchLabels' in value) && !('matchExpressions' in value)) return isStringMap(value);
  const expressions: unknown = value.matchExpressions ?? [];
  return (
    isStringMap(value.matchLabels ?? {}) &&
    Array.isArray(expressions) &&
    expressions.every((one: unknown) => isMembers(one) && typeof one.key === 'string')
  );
}

/** A tenant's label selector as the host must state it: it finds objects of the same virtual namespace alone. */
export function hostSelectorOf(value: Members, namespace: string, ctx: ClusterContext): Members {
  if (isStringMap(value) && !('matchLabels' in value)) {
    const isKubernetes = Object.keys(value).length === 0;
    return isKubernetes ? { matchLabels: hostSelector({}, namespace, ctx) } : hostSelector(value, namespace, ctx);
  }
  const { matchLabels = {}, matchExpressions } = value;
  return {
    ...value,
    matchLabels: hostSelector(isStringMap(matchLabels) ? matchLabels : {}, namespace, ctx),
    ...(Array.isArray(matchExpressions) && {
      matchExpressions: matchExpressions.map((one: unknown) => renamed(one, ctx)),
    }),
  };
}

function renamed(requirement: unknown, ctx: ClusterContext): unknown {
  return isMembers(requirement) && typeof requirement.key === 'string'
    ? { ...requirement, key: hostLabelKeyOf(requirement.key, ctx) }
    : requirement;
}

/** Whether a value is a map of texts, as labels are. */
export function isStringMap(value: unknown): value is StringMap & Members {
  return isMembers(value) && Object.values(value).every((one) => typeof one === 'string');
}
