import * as z from 'zod';
import { laterNumber, laterSwitch } from '../fields';
import {
  type ImportedKind,
  importedKindSchema,
  resolveImportedKind,
  resolveSwitchedKind,
  type SwitchedKind,
  switchedKindSchema,
} from './selector';

/** The highest value that Kubernetes lets anybody but itself give a priority class. */
const MAX_PRIORITY = 1_000_000_000;

/** How the priority classes of a tenant reach the host. */
export interface PriorityClassesToHost<Count = number, Switch = boolean> extends SwitchedKind {
  /**
   * The highest value that a class gets on the host, from -1000000000 to 1000000000.
   * @default 1000000000
   */
  readonly maxValue?: Count;
  /**
   * Whether a tenant's pods may evict pods of lower priority, of other tenants too, when the nodes are full.
   * @default false
   */
  readonly preemption?: Switch;
}

const priorityClassesSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    maxValue: laterNumber(-MAX_PRIORITY, MAX_PRIORITY).optional(),
    preemption: laterSwitch().optional(),
  })
  .readonly();

/** What `sync.toHost` says about what pods need besides. */
export interface WorkloadsToHost<Count = number, Switch = boolean> {
  /** Disruption budgets, bounded to the pods of this virtual cluster. @default - off */
  readonly podDisruptionBudgets?: SwitchedKind;
  /** Priority classes that a tenant declares, their value capped. @default - off */
  readonly priorityClasses?: PriorityClassesToHost<Count, Switch>;
  /** Service accounts, without rights on the host. @default - off */
  readonly serviceAccounts?: SwitchedKind;
  /** Claims of devices, and their templates. @default - off */
  readonly resourceClaims?: SwitchedKind;
}

/** What `sync.fromHost` says about what pods need besides. */
export interface WorkloadsFromHost<Text = string> {
  /** Runtime classes of the host. @default - off */
  readonly runtimeClasses?: ImportedKind<Text>;
  /** Priority classes of the host. @default - off */
  readonly priorityClasses?: ImportedKind<Text>;
  /** Device classes of the host. @default - off */
  readonly deviceClasses?: ImportedKind<Text>;
}

/** The schema of {@link WorkloadsToHost}, field by field. */
export const workloadsToHostShape = {
  podDisruptionBudgets: switchedKindSchema.optional(),
  priorityClasses: priorityClassesSchema.optional(),
  serviceAccounts: switchedKindSchema.optional(),
  resourceClaims: switchedKindSchema.optional(),
} as const;

/** The schema of {@link WorkloadsFromHost}, field by field. */
export const workloadsFromHostShape = {
  runtimeClasses: importedKindSchema.optional(),
  priorityClasses: importedKindSchema.optional(),
  deviceClasses: importedKindSchema.optional(),
} as const;

/** Fills in the defaults. */
export function resolveWorkloadsToHost(options: WorkloadsToHost) {
  return {
    podDisruptionBudgets: resolveSwitchedKind(options.podDisruptionBudgets, false),
    priorityClasses: {
      enabled: options.priorityClasses?.enabled ?? false,
      maxValue: options.priorityClasses?.maxValue ?? MAX_PRIORITY,
      preemption: options.priorityClasses?.preemption ?? false,
    },
    serviceAccounts: resolveSwitchedKind(options.serviceAccounts, false),
    resourceClaims: resolveSwitchedKind(options.resourceClaims, false),
  };
}

/** Fills in the defaults. */
export function resolveWorkloadsFromHost(options: WorkloadsFromHost) {
  return {
    runtimeClasses: resolveImportedKind(options.runtimeClasses, false),
    priorityClasses: resolveImportedKind(options.priorityClasses, false),
    deviceClasses: resolveImportedKind(options.deviceClasses, false),
  };
}
