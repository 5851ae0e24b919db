import { hostLabelKeyOf } from '../engine/label-keys';
import { hostSelector, type StringMap } from '../engine/metadata';
import type { ClusterContext } from '../engine/types';
import { isMembers, type Members } from './paths';

/**
 * A tenant's label selector as the host must state it, in Kubernetes' form (`matchLabels`, `matchExpressions`) or as a
 * plain map: it finds objects of the same virtual namespace alone. What is no selector stays as it is.
 */
export function hostSelectorOf(value: unknown, namespace: string, ctx: ClusterContext): unknown {
  if (!isMembers(value)) return value;
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
