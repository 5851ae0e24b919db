import {
  type ImportedKind,
  importedKindSchema,
  resolveImportedKind,
  resolveSwitchedKind,
  type SwitchedKind,
  switchedKindSchema,
} from './selector';

/** What `sync.toHost` says about what pods need besides. */
export interface WorkloadsToHost {
  /** Disruption budgets, bounded to the pods of this virtual cluster. @default - off */
  readonly podDisruptionBudgets?: SwitchedKind;
  /** Priority classes that a tenant declares, their value capped. @default - off */
  readonly priorityClasses?: SwitchedKind;
  /** Service accounts, without rights on the host. @default - off */
  readonly serviceAccounts?: SwitchedKind;
  /** Claims of devices, and their templates. @default - off */
  readonly resourceClaims?: SwitchedKind;
}

/** What `sync.fromHost` says about what pods need besides. */
export interface WorkloadsFromHost {
  /** Runtime classes of the host. @default - off */
  readonly runtimeClasses?: ImportedKind;
  /** Priority classes of the host. @default - off */
  readonly priorityClasses?: ImportedKind;
  /** Device classes of the host. @default - off */
  readonly deviceClasses?: ImportedKind;
}

/** The schema of {@link WorkloadsToHost}, field by field. */
export const workloadsToHostShape = {
  podDisruptionBudgets: switchedKindSchema.optional(),
  priorityClasses: switchedKindSchema.optional(),
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
    priorityClasses: resolveSwitchedKind(options.priorityClasses, false),
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
