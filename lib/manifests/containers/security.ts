import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';
import { PORTS } from '../../contract';
import type { ResolvedSpec } from '../../spec';

/** User and group of every container of the control plane: they share sockets and files. */
const NON_ROOT = 65_532;

/** The pod meets the Pod Security Standard `restricted`. */
export function podSecurity({ dns }: Pick<ResolvedSpec, 'dns'>): PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: NON_ROOT,
    runAsGroup: NON_ROOT,
    fsGroup: NON_ROOT,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
    // One of the sysctls that every kubelet allows: who is not root may listen on the port of DNS.
    ...(dns.mode === 'embedded' && {
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: String(PORTS.dns) }],
    }),
  };
}

/** What a container may do: nothing beyond running its program. */
export function containerSecurity(capabilities: readonly 'NET_BIND_SERVICE'[] = []): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], ...(capabilities.length === 0 ? {} : { add: [...capabilities] }) },
  };
}
