import * as z from 'zod';
import type { PodSecurityRules } from '../../contract';
import { plainText } from '../fields';
import type { TextRule } from '../rules';
import { type PortRange, portRangeSchema } from './port-range';

/** A directory of the node that pods may mount. */
export interface AllowedHostPath {
  /**
   * An absolute path. It and all that lies below it may be mounted. What a link in it leads to can be mounted too: give
   * away only directories in which tenants can't make links.
   */
  readonly pathPrefix: string;
  /** Whether it may only be mounted for reading. @default true */
  readonly readOnly?: boolean;
}

/** What pods may have although the level refuses it. Each is a way out of the pod that somebody has to answer for. */
export interface PodAllowances {
  /** Directories of the node that may be mounted. @default - none */
  readonly hostPaths?: readonly AllowedHostPath[];
  /** Ports of the node that may be taken. @default - none */
  readonly hostPorts?: readonly PortRange[];
  /** Linux capabilities that containers may add: `NET_ADMIN`. @default - what the level allows */
  readonly capabilities?: readonly string[];
  /** Sysctls that pods may set: `net.core.somaxconn`. The kubelet must allow them too. @default - what the level allows */
  readonly sysctls?: readonly string[];
}

const PATH: TextRule = {
  allowed: 'an absolute path such as /var/log/shared, without "..", "//" or "/" at its end',
  test: (path) => /^(\/[^/\p{Cc}]+)+$/u.test(path) && !path.split('/').some((step) => step === '..' || step === '.'),
  hint: (path) => (path === '/' ? 'the root of a node holds every credential on it' : undefined),
};
const CAPABILITY: TextRule = {
  allowed: 'a Linux capability such as NET_ADMIN',
  test: (name) => /^[A-Z][A-Z_]*$/.test(name) && !name.startsWith('CAP_') && name !== 'ALL',
  hint: (name) =>
    name === 'ALL'
      ? "level 'privileged' allows every capability"
      : name.startsWith('CAP_')
        ? 'leave out the CAP_'
        : undefined,
};
const SYSCTL: TextRule = {
  allowed: 'a sysctl such as net.core.somaxconn',
  test: (name) => /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)+$/.test(name),
};

/** The schema of {@link PodAllowances}. */
export const podAllowancesSchema = z
  .strictObject({
    hostPaths: z
      .array(z.strictObject({ pathPrefix: plainText(PATH), readOnly: z.boolean().optional() }).readonly())
      .readonly()
      .optional(),
    hostPorts: z.array(portRangeSchema).readonly().optional(),
    capabilities: z.array(plainText(CAPABILITY)).readonly().optional(),
    sysctls: z.array(plainText(SYSCTL)).readonly().optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolvePodSecurity(version: string = 'latest', allow: PodAllowances = {}): PodSecurityRules {
  const { hostPaths = [], hostPorts = [], capabilities = [], sysctls = [] } = allow;
  return {
    version,
    allow: {
      hostPaths: hostPaths.map(({ pathPrefix, readOnly = true }) => ({ pathPrefix, readOnly })),
      hostPorts: hostPorts.map(({ from, to = from }) => ({ from, to })),
      capabilities: [...capabilities],
      sysctls: [...sysctls],
    },
  };
}
