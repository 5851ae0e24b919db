import type { IsolationSection } from '../../lib/contract';
import type { Translation } from '../engine/types';
import { type PodSecurityOptions, podSecurityViolations } from '../isolation/pod-security';
import { HOSTS_HELPER, needsHostsFile } from './hosts';
import type { Pod, PodContext, Refusal } from './types';

/** The reason of events and conditions about pods that do not meet the Pod Security Standard. */
export const POD_SECURITY = 'PodSecurity';

/** The translation of a pod if it meets the Pod Security Standard as it would run on the host, else a refusal. */
export function securedTranslation(v: Pod, translation: Translation<Pod>, ctx: PodContext): Translation<Pod> {
  if (translation.kind !== 'object') return translation;
  const [first, ...others] = securityRefusals(v, translation.object, ctx);
  if (first === undefined) return translation;
  const message = [first, ...others].map((refusal) => refusal.message).join('; ');
  return { kind: 'refused', reason: POD_SECURITY, field: first.field, message };
}

/** Every field of a translated pod for which the Pod Security Standard refuses it, under its path in the tenant's pod. */
export function securityRefusals(v: Pod, translated: Pod, ctx: PodContext): readonly Refusal[] {
  const options = podSecurityOptions(ctx.sections.isolation);
  return podSecurityViolations(asTenantCounts(v, translated, ctx), options).map(({ field, message }) => ({
    field,
    message,
  }));
}

/** How strictly pods are looked at. */
export function podSecurityOptions(isolation: IsolationSection): PodSecurityOptions {
  if (isolation.level === 'off') return { level: 'privileged' };
  const { level, podSecurity } = isolation;
  const minor = /^1\.(\d+)$/.exec(podSecurity.version)?.[1];
  return { level, version: minor === undefined ? 'latest' : { minor: Number(minor) }, exempt: podSecurity.allow };
}

/** Without our own helper, which meets every standard: it would shift the paths that the tenant reads. */
function asTenantCounts(v: Pod, translated: Pod, ctx: PodContext): Pod {
  const { initContainers: [first, ...others] = [] } = translated.spec;
  if (first?.name !== HOSTS_HELPER || !needsHostsFile(v, ctx)) return translated;
  return { ...translated, spec: { ...translated.spec, initContainers: others } };
}
