import * as z from 'zod';
import type { IsolationSection } from '../../contract';
import { plainText } from '../fields';
import { type ClassIsolation, classIsolationSchema, resolveClassIsolation } from './classes';
import { type ContainerLimitsOptions, containerLimitsSchema, resolveContainerLimits } from './container-limits';
import { type HostnameIsolation, hostnameIsolationSchema, resolveHostnameIsolation } from './hostnames';
import { type ImageIsolation, imageIsolationSchema, resolveImageIsolation } from './images';
import type { NetworkOptions } from './network';
import { networkSchema } from './network-schema';
import { type PodAllowances, podAllowancesSchema, resolvePodSecurity } from './pod-security';
import { type QuotaOptions, quotaSchema, resolveQuota } from './quota';
import { resolveNetwork } from './resolve-network';
import { resolveServiceIsolation, type ServiceIsolation, serviceIsolationSchema } from './services';
import { allowedTolerationsSchema } from './tolerations';

/** Nothing is kept from tenants but what Sublet never copies: the host cluster's own policies decide alone. */
export interface NoIsolation {
  readonly level: 'off';
}

/** What tenants are kept from on the host. */
export interface IsolationRules {
  /**
   * The Pod Security Standard that pods must meet as they would run on the host. It holds in the syncer, is the default
   * of the virtual API server's own admission, and a label of the host namespace. `privileged` lets every pod through,
   * and keeps the rest of what is declared here.
   * @default 'baseline'
   */
  readonly level?: 'baseline' | 'restricted' | 'privileged';
  /**
   * Of which Kubernetes release the rules of the standard are: `1.33`.
   * @default - those of the newest that the syncer knows
   */
  readonly podSecurityVersion?: string;
  /** What pods may have although the level refuses it. @default - nothing */
  readonly allow?: PodAllowances;
  /** Load balancers, node ports and addresses of Services. @default - no addresses, and no node ports by number */
  readonly services?: ServiceIsolation;
  /** Host names of Ingresses, Gateways and routes. @default - any, without catch-alls */
  readonly hostnames?: HostnameIsolation;
  /** Classes of the host. @default - those that are shown, and the host's storage classes */
  readonly classes?: ClassIsolation;
  /** Images. @default - all */
  readonly images?: ImageIsolation;
  /**
   * Tolerations that pods may have, in vCluster's form: `*` for every taint, `key`, `key=value`, `key:Effect` or
   * `key=value:Effect`. A pod that tolerates more is refused. Those that Kubernetes' own controllers add
   * (`node.kubernetes.io/not-ready` and the like), and those of `sync.toHost.pods.enforceTolerations`, are allowed in any
   * case.
   * @default - none but those
   */
  readonly tolerations?: readonly string[];
  /**
   * How much the virtual cluster may hold on the host, in all its host namespaces together. What does not fit waits, with
   * an event, until something is freed. Tenants see what is used in the ConfigMap `kube-public/sublet-quota`.
   * @default - any amount
   */
  readonly quota?: QuotaOptions;
  /** What a single container asks for and may use. @default - as the tenant says */
  readonly limits?: ContainerLimitsOptions;
  /**
   * What pods of the tenant, and the control plane, reach on the network. The host's network must enforce NetworkPolicies.
   * @default - pods reach each other, their DNS and their API server
   */
  readonly network?: NetworkOptions;
}

/** What tenants are kept from on the host, told apart by `level`. */
export type IsolationOptions = IsolationRules | NoIsolation;

const rulesShape = {
  podSecurityVersion: plainText({
    allowed: 'a release such as 1.33, or latest',
    test: (version) => /^(latest|1\.\d{1,3})$/.test(version),
    hint: (version) => (/^v1\.\d+/.test(version) ? `did you mean ${version.slice(1)}?` : undefined),
  }).optional(),
  allow: podAllowancesSchema.optional(),
  services: serviceIsolationSchema.optional(),
  hostnames: hostnameIsolationSchema.optional(),
  classes: classIsolationSchema.optional(),
  images: imageIsolationSchema.optional(),
  tolerations: allowedTolerationsSchema.optional(),
  quota: quotaSchema.optional(),
  limits: containerLimitsSchema.optional(),
  network: networkSchema.optional(),
};

/** The schema of {@link IsolationOptions}. */
export const isolationSchema = z.discriminatedUnion('level', [
  z.strictObject({ level: z.enum(['baseline', 'restricted', 'privileged']).optional(), ...rulesShape }).readonly(),
  z.strictObject({ level: z.literal('off') }).readonly(),
]);

/** Fills in the defaults. */
export function resolveIsolation(isolation: IsolationOptions = {}): IsolationSection {
  if (isolation.level === 'off') return { version: 1, level: 'off' };
  const { level = 'baseline', podSecurityVersion, allow, network, tolerations = [] } = isolation;
  const quota = resolveQuota(isolation.quota);
  return {
    version: 1,
    level,
    podSecurity: resolvePodSecurity(podSecurityVersion, allow),
    services: resolveServiceIsolation(isolation.services),
    hostnames: resolveHostnameIsolation(isolation.hostnames),
    classes: resolveClassIsolation(isolation.classes),
    images: resolveImageIsolation(isolation.images),
    tolerations: [...tolerations],
    quota,
    limits: resolveContainerLimits(isolation.limits, quota),
    network: resolveNetwork(network),
  };
}
