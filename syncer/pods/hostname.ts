import { MAX_NAME_LENGTH } from '../../lib/contract';
import type { Pod, PodContext, PodSpec } from './types';

/** The longest host name that Linux takes. */
export const MAX_HOST_NAME = 64;

/**
 * The name that a pod's containers find as theirs. A kubelet takes it from the pod's name, which is another on the
 * host, and cuts it at 63 characters. Dots become dashes, as the field that carries it allows none.
 */
export function shortHostname(v: Pod): string {
  if (v.spec.hostname) return v.spec.hostname;
  const name = (v.metadata.name ?? '').replaceAll('.', '-');
  return name.slice(0, MAX_NAME_LENGTH).replace(/-+$/, '');
}

/** The full name of a pod with a `subdomain`, under which the Service of that name lets others find it. */
export function fullHostname(v: Pod, ctx: PodContext): string | undefined {
  const { hostnameOverride, subdomain } = v.spec;
  if (!subdomain || hostnameOverride !== undefined || sharesNodeName(v.spec)) return undefined;
  return `${shortHostname(v)}.${subdomain}.${v.metadata.namespace ?? ''}.svc.${ctx.config.clusterDomain}`;
}

/**
 * The host's fields on a pod's name. `subdomain` never reaches it: a kubelet would complete it by the host's namespace
 * and domain. A pod that wants its full name as host name gets it by `hostnameOverride`.
 */
export function hostNaming(v: Pod, ctx: PodContext): Pick<PodSpec, 'hostname' | 'hostnameOverride'> {
  if (sharesNodeName(v.spec)) return {};
  const full = v.spec.setHostnameAsFQDN === true ? fullHostname(v, ctx) : undefined;
  const override = v.spec.hostnameOverride ?? full;
  return { hostname: shortHostname(v), ...(override !== undefined && { hostnameOverride: override }) };
}

function sharesNodeName(spec: PodSpec): boolean {
  return spec.hostNetwork === true;
}
