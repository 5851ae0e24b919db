import * as z from 'zod';
import { classRules } from './classes';
import { hostnameRules } from './hostnames';
import { imageRules } from './images';
import { networkRules } from './network';
import { podSecurityRules } from './pod-security';
import { containerLimits, quotaRules } from './quota';
import { serviceRules } from './services';
import { tolerationRules } from './tolerations';

export type { ClassRules, OfferedClasses } from './classes';
export type { HostnameRules } from './hostnames';
export type { ImageRules } from './images';
export type { EnforcedNetwork, NetworkPeer, NetworkRule, NetworkRules } from './network';
export type { PodSecurityRules } from './pod-security';
export type { ContainerLimits, QuotaRules } from './quota';
export type { ServiceRules } from './services';

/** The section that says what a tenant is kept from on the host. */
export const isolationSection = z.discriminatedUnion('level', [
  /** The host cluster's own policies decide alone. */
  z.strictObject({ version: z.literal(1), level: z.literal('off') }),
  z.strictObject({
    /** Version of this schema. */
    version: z.literal(1),
    /** The Pod Security Standard that every pod must meet before it reaches the host. */
    level: z.enum(['baseline', 'restricted', 'privileged']),
    podSecurity: podSecurityRules,
    services: serviceRules,
    hostnames: hostnameRules,
    classes: classRules,
    images: imageRules,
    tolerations: tolerationRules,
    quota: quotaRules,
    limits: containerLimits,
    network: networkRules,
  }),
]);

/** The section that says what a tenant is kept from on the host. */
export type IsolationSection = z.infer<typeof isolationSection>;

/** The section where it keeps tenants from anything. */
export type EnforcedIsolation = Exclude<IsolationSection, { readonly level: 'off' }>;
