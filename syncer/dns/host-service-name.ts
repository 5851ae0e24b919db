/** The host's domain where the control-plane pod's `/etc/resolv.conf` does not show it: what clusters have by default. */
export const USUAL_DOMAIN = 'cluster.local';

/** The name under which the host's DNS knows one of its Services. */
export function hostServiceName(
  service: { readonly namespace: string; readonly name: string },
  hostClusterDomain: string | undefined,
): string {
  return `${service.name}.${service.namespace}.svc.${hostClusterDomain ?? USUAL_DOMAIN}`;
}
