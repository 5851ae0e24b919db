import type { Toleration } from 'kubernetes-types/core/v1';
import { type ParsedToleration, parseToleration } from '../../lib/contract';
import { denial, isolationOf, quoted } from '../isolation/rules';
import type { Pod, PodContext, Refusal } from './types';

/**
 * What Kubernetes' own admission and DaemonSet controller give pods, so that every cluster's pods have them. The taints
 * tell of a node's trouble, and keep nobody from nodes that are meant for somebody else.
 */
const OF_KUBERNETES: readonly string[] = [
  ...['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure'],
  ...['unschedulable', 'network-unavailable'],
].map((taint) => `node.kubernetes.io/${taint}`);

/** The first toleration by which a pod could run on nodes that are not meant for tenants. */
export function refusedToleration(v: Pod, ctx: PodContext): Refusal | undefined {
  const rules = isolationOf(ctx);
  if (rules === undefined) return undefined;
  const { enforceTolerations } = ctx.sections.sync.toHost.pods;
  const allowed = [...OF_KUBERNETES, ...rules.tolerations, ...enforceTolerations].flatMap((text) => {
    const parsed = parseToleration(text);
    return parsed === undefined ? [] : [parsed];
  });
  const index = (v.spec.tolerations ?? []).findIndex((one) => !allowed.some((other) => covers(other, one)));
  const toleration = v.spec.tolerations?.[index];
  if (toleration === undefined) return undefined;
  const field = `spec.tolerations[${index}]`;
  const taints = toleration.key ? `the taint ${quoted(toleration.key)}` : 'every taint';
  return { field, message: denial('tolerations', field, `tolerating ${taints} is not allowed here`) };
}

/**
 * Whether every taint that `toleration` tolerates is one that `allowed` tolerates. An empty key stands for all keys and
 * an empty effect for all effects. A toleration with a key concerns that key alone, whatever a newer operator makes of
 * the values, so that it needs all values of the key.
 */
export function covers(allowed: ParsedToleration, toleration: Toleration): boolean {
  const { key, operator, value, effect } = toleration;
  if (allowed.effect !== undefined && allowed.effect !== effect) return false;
  if (allowed.key === undefined) return true;
  if (allowed.key !== key) return false;
  if (allowed.operator === 'Exists') return true;
  return (!operator || operator === 'Equal') && (allowed.value ?? '') === (value ?? '');
}
