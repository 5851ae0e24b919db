import { mergePatch } from '../engine/diff';
import { clusterScopedMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { Change, ClusterContext, Translation } from '../engine/types';
import type { KubeObject } from '../kube/types';

/** A priority class. */
export interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  readonly preemptionPolicy?: string;
}

const KIND = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' } as const;

/** Whether a class is one of Kubernetes' own, which every cluster has under the same name. */
export function isSystemPriorityClass(name: string): boolean {
  return name === 'system-node-critical' || name === 'system-cluster-critical';
}

/**
 * The host's class for one that a tenant declares: at most of the value that is allowed, never the host's default, and
 * without the power to evict other people's pods unless that is allowed.
 */
export function toHostPriorityClass(v: PriorityClass, ctx: ClusterContext): Translation<PriorityClass> {
  if (isSystemPriorityClass(v.metadata.name ?? '')) return { kind: 'skip', reason: 'every cluster has this class' };
  const { maxValue, preemption } = ctx.sections.sync.toHost.priorityClasses;
  return {
    kind: 'object',
    object: {
      ...KIND,
      metadata: clusterScopedMetadata(v, ctx, { kind: KIND }),
      value: Math.min(v.value, maxValue),
      preemptionPolicy: preemption ? (v.preemptionPolicy ?? 'PreemptLowerPriority') : 'Never',
      ...pick(v, ['description']),
    },
  };
}

/** The writes that bring the host's class to what is desired. Value and preemption policy can only be set anew. */
export function priorityClassChanges(desired: PriorityClass, current: PriorityClass): readonly Change[] {
  if (
    desired.value !== current.value ||
    desired.preemptionPolicy !== (current.preemptionPolicy ?? 'PreemptLowerPriority')
  )
    return [{ kind: 'recreate', reason: 'the value of a priority class cannot be changed' }];
  const patch = mergePatch(desired, current, ['description', 'globalDefault']);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}
