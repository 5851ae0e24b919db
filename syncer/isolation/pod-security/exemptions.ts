import { isBelow } from './host-path';
import type { Exemptible } from './types';

/** What a cluster's pods may do although the level forbids it. Nothing else of the level changes. */
export interface PodSecurityExemptions {
  /**
   * Folders and files of the node. With `readOnly` only for volumes that every container of the pod mounts read-only;
   * other file systems that are mounted below the path stay writable unless a mount also is `recursiveReadOnly`.
   * Who can write below a path can put a link there that leads out of it: allow writing only where the folder holds
   * nothing of value and its file system ends with it.
   * @default none
   */
  readonly hostPaths?: readonly { readonly pathPrefix: string; readonly readOnly?: boolean }[];
  /** Ports of the node, both ends included. @default none */
  readonly hostPorts?: readonly { readonly from: number; readonly to: number }[];
  /** Capabilities that containers may add, written as in the pod (`NET_ADMIN`). @default none */
  readonly capabilities?: readonly string[];
  /** Kernel parameters, written as in the pod (`net.core.somaxconn`). @default none */
  readonly sysctls?: readonly string[];
}

/** Whether the allow-lists let it pass. */
export function isExempt(exemptible: Exemptible, exempt: PodSecurityExemptions): boolean {
  switch (exemptible.kind) {
    case 'hostPath':
      return (exempt.hostPaths ?? []).some(
        ({ pathPrefix, readOnly = false }) =>
          isBelow(exemptible.path, pathPrefix) && (exemptible.mountedReadOnly || !readOnly),
      );
    case 'hostPort':
      return (exempt.hostPorts ?? []).some(({ from, to }) => from <= exemptible.port && exemptible.port <= to);
    case 'capability':
      return (exempt.capabilities ?? []).includes(exemptible.name);
    case 'sysctl':
      return (exempt.sysctls ?? []).includes(exemptible.name);
  }
}
