import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';

/** User and group of every container of the control plane: they share sockets and files. */
const NON_ROOT = 65_532;

/** The pod meets the Pod Security Standard `restricted`. */
export function podSecurity(): PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: NON_ROOT,
    runAsGroup: NON_ROOT,
    fsGroup: NON_ROOT,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
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
