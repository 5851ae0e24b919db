import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { mergePatch } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { Change, ClusterContext, Translation } from '../engine/types';
import type { KubeObject } from '../kube/types';
import { allOf, hostLabelSelector, ofNamespace } from '../pods/selectors';

/** A disruption budget, as far as it is copied. */
export interface PodDisruptionBudget extends KubeObject {
  readonly spec?: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status?: { readonly observedGeneration?: number; readonly desiredHealthy?: number };
}

const KIND = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' } as const;

/**
 * The host's budget for a virtual one, so that draining a host node spares what the tenant wants spared. It covers the
 * pods of the tenant's namespace alone. On the host these have no controller from whose scale a percentage or
 * `maxUnavailable` could be counted, so the number that the virtual cluster's own controller has worked out is asked for.
 */
export function toHostBudget(v: PodDisruptionBudget, ctx: ClusterContext): Translation<PodDisruptionBudget> {
  const { selector, minAvailable, maxUnavailable } = v.spec ?? {};
  const healthy = typeof minAvailable === 'number' ? minAvailable : desiredHealthy(v);
  if (healthy === undefined) return { kind: 'wait', reason: 'the number of pods that it keeps is not worked out yet' };
  const scope = ofNamespace(v.metadata.namespace ?? '', ctx);
  return {
    kind: 'object',
    object: {
      ...KIND,
      metadata: hostMetadata(v, ctx, { kind: KIND }),
      spec: {
        minAvailable: minAvailable === undefined && maxUnavailable === undefined ? 0 : healthy,
        // Without a selector a budget covers no pod at all, and must go on doing so.
        ...(selector && { selector: allOf(hostLabelSelector(selector, ctx), scope) }),
        ...pick(v.spec, ['unhealthyPodEvictionPolicy']),
      },
    },
  };
}

/** The writes that bring the host's budget to what is desired. */
export function budgetChanges(desired: PodDisruptionBudget, current: PodDisruptionBudget): readonly Change[] {
  const patch = mergePatch(desired, current, [
    'spec.minAvailable',
    'spec.maxUnavailable',
    'spec.selector',
    'spec.unhealthyPodEvictionPolicy',
  ]);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

function desiredHealthy({ metadata, status }: PodDisruptionBudget): number | undefined {
  return status?.observedGeneration === metadata.generation ? status?.desiredHealthy : undefined;
}
