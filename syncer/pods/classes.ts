import { hostNameOf } from '../engine/placement';
import type { Pod, PodContext, PodSpec, Refusal } from './types';

const SYSTEM_CLASSES: ReadonlySet<string> = new Set(['system-node-critical', 'system-cluster-critical']);

/**
 * `priorityClassName` of the host's pod. A class that the host shows has the same name there, one of the tenant's own
 * that is copied has its copy's. Any other counts for the virtual cluster alone: on the host the declared default applies,
 * or else the host's. Kubernetes' own two, above all that tenants may have, pass only where the declaration names them.
 */
export function hostPriorityClass(v: Pod, ctx: PodContext): Pick<PodSpec, 'priorityClassName'> {
  const { toHost } = ctx.sections.sync;
  const { default: fallback, allowed } = toHost.pods.priorityClasses;
  const { priorityClassName: name } = v.spec;
  if (name) {
    if (allowed.includes(name)) return { priorityClassName: name };
    const isSystem = SYSTEM_CLASSES.has(name);
    if (!isSystem && ctx.hostClasses.priorityClass(name)) return { priorityClassName: name };
    const isCopied = toHost.priorityClasses.enabled && !isSystem;
    if (isCopied) return { priorityClassName: hostNameOf(name, undefined, ctx) };
  }
  return fallback === undefined ? {} : { priorityClassName: fallback };
}

/** `runtimeClassName` of the host's pod: what the tenant names, see {@link refusedRuntimeClass}, or the declared default. */
export function hostRuntimeClass(v: Pod, ctx: PodContext): Pick<PodSpec, 'runtimeClassName'> {
  const name = v.spec.runtimeClassName || ctx.sections.sync.toHost.pods.runtimeClasses.default;
  return name === undefined ? {} : { runtimeClassName: name };
}

/** A runtime class decides how well a pod is walled off from its node, so that tenants choose among what is offered. */
export function refusedRuntimeClass(v: Pod, ctx: PodContext): Refusal | undefined {
  const { runtimeClassName: name } = v.spec;
  const { default: fallback, allowed } = ctx.sections.sync.toHost.pods.runtimeClasses;
  if (!name || name === fallback || allowed.includes(name) || ctx.hostClasses.runtimeClass(name)) return undefined;
  const field = 'spec.runtimeClassName';
  return {
    field,
    message: `${field}: the runtime class ${JSON.stringify(name)} can't be used in this virtual cluster`,
  };
}
