import * as z from 'zod';
import { importedKind, switchedKind } from '../selector';

/** What the section `sync` says under `toHost` about what pods need besides. */
export const workloadsToHost = {
  podDisruptionBudgets: switchedKind,
  priorityClasses: z.strictObject({
    enabled: z.boolean(),
    /** The highest value that a class gets on the host. */
    maxValue: z.int(),
    /** Whether pods of a class may evict others from the host's nodes. */
    preemption: z.boolean(),
  }),
  serviceAccounts: switchedKind,
  resourceClaims: switchedKind,
} as const;

/** What the section `sync` says under `fromHost` about what pods need besides. */
export const workloadsFromHost = {
  runtimeClasses: importedKind,
  priorityClasses: importedKind,
  deviceClasses: importedKind,
} as const;
