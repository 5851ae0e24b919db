import * as z from 'zod';
import type { QuotaRules } from '../../contract';
import { type IssueParams, plainText, wholeNumber } from '../fields';
import { RULES } from '../rules';

/** The most that all pods, and all claims, may request together. */
export interface QuotaRequests {
  /** Cores: `10`, `500m`. */
  readonly cpu?: string;
  /** Bytes of memory: `20Gi`. */
  readonly memory?: string;
  /** Bytes on the nodes' disks: `60Gi`. */
  readonly 'ephemeral-storage'?: string;
  /** Bytes of all PersistentVolumeClaims: `100Gi`. */
  readonly storage?: string;
}

/** The most that the limits of all pods may come to. */
export interface QuotaLimits {
  /** Cores: `20`, `500m`. */
  readonly cpu?: string;
  /** Bytes of memory: `40Gi`. */
  readonly memory?: string;
  /** Bytes on the nodes' disks: `160Gi`. */
  readonly 'ephemeral-storage'?: string;
}

/** The most objects that there may be on the host. Objects that stay in the virtual cluster do not count. */
export interface QuotaCounts {
  /** Pods that have not ended. */
  readonly pods?: number;
  /** Services. */
  readonly services?: number;
  /** Secrets that are copied. Those with the tokens of pods do not count. */
  readonly secrets?: number;
  /** ConfigMaps that are copied. */
  readonly configmaps?: number;
  /** PersistentVolumeClaims. */
  readonly persistentvolumeclaims?: number;
  /** Ports of nodes that Services take, those of load balancers too. */
  readonly 'services.nodeports'?: number;
  /** Services of type LoadBalancer. */
  readonly 'services.loadbalancers'?: number;
}

/** How much a virtual cluster may hold on the host. */
export interface QuotaOptions {
  /** What pods and claims request. @default - any amount */
  readonly requests?: QuotaRequests;
  /** What pods may use at most. @default - any amount */
  readonly limits?: QuotaLimits;
  /** How many objects there are. @default - any number */
  readonly counts?: QuotaCounts;
  /** Devices that pods request, by resource: `{ 'nvidia.com/gpu': 2 }`. @default - any number */
  readonly devices?: { readonly [resource: string]: number };
  /**
   * How many objects there are of further kinds, by plural and group: `{ 'ingresses.networking.k8s.io': 10 }`.
   * @default - any number
   */
  readonly objects?: { readonly [kind: string]: number };
}

const COUNT = wholeNumber(0, 1_000_000);
const AMOUNT = plainText(RULES.quantity).optional();

const COUNTED_BY_NAME: readonly string[] = ['pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims'];

/** Numbers by a key that follows a rule. */
function countsByKey(allowed: string, problem: (key: string) => string | undefined) {
  return z
    .record(z.string(), COUNT)
    .superRefine((counts, context) => {
      for (const key of Object.keys(counts)) {
        const message = problem(key);
        if (message === undefined) continue;
        const params: IssueParams = { allowed };
        context.addIssue({ code: 'custom', path: [key], input: key, message, params });
      }
    })
    .readonly();
}

/** The schema of {@link QuotaOptions}. */
export const quotaSchema = z
  .strictObject({
    requests: z
      .strictObject({ cpu: AMOUNT, memory: AMOUNT, 'ephemeral-storage': AMOUNT, storage: AMOUNT })
      .readonly()
      .optional(),
    limits: z.strictObject({ cpu: AMOUNT, memory: AMOUNT, 'ephemeral-storage': AMOUNT }).readonly().optional(),
    counts: z
      .strictObject({
        pods: COUNT.optional(),
        services: COUNT.optional(),
        secrets: COUNT.optional(),
        configmaps: COUNT.optional(),
        persistentvolumeclaims: COUNT.optional(),
        'services.nodeports': COUNT.optional(),
        'services.loadbalancers': COUNT.optional(),
      })
      .readonly()
      .optional(),
    devices: countsByKey('the name of an extended resource such as nvidia.com/gpu', (resource) =>
      resource.includes('/') && RULES.labelKey.test(resource) ? undefined : 'is not an extended resource',
    ).optional(),
    objects: countsByKey('a plural and its group such as ingresses.networking.k8s.io', (kind) => {
      if (COUNTED_BY_NAME.includes(kind)) return `stands in counts.${kind}`;
      return /^[a-z0-9]+(\.[a-z0-9][-.a-z0-9]*)?$/.test(kind) ? undefined : 'is not the plural of a kind';
    }).optional(),
  })
  .readonly();

/** Gives every amount the name that a ResourceQuota has for it. */
export function resolveQuota(quota: QuotaOptions = {}): QuotaRules {
  const { requests = {}, limits = {}, counts = {}, devices = {}, objects = {} } = quota;
  return {
    hard: {
      ...named(requests, (resource) => `requests.${resource}`),
      ...named(limits, (resource) => `limits.${resource}`),
      ...named(counts, (resource) => resource),
      ...named(devices, (resource) => `requests.${resource}`),
      ...named(objects, (kind) => `count/${kind}`),
    },
  };
}

function named(amounts: object, name: (key: string) => string): { [resource: string]: string } {
  const given = Object.entries(amounts).filter(([, amount]) => amount !== undefined);
  return Object.fromEntries(given.map(([key, amount]) => [name(key), String(amount)]));
}
