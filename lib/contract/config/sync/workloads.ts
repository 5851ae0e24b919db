import { importedKind, switchedKind } from '../selector';

/** What the section `sync` says under `toHost` about what pods need besides. */
export const workloadsToHost = {
  podDisruptionBudgets: switchedKind,
  priorityClasses: switchedKind,
  serviceAccounts: switchedKind,
  resourceClaims: switchedKind,
} as const;

/** What the section `sync` says under `fromHost` about what pods need besides. */
export const workloadsFromHost = {
  runtimeClasses: importedKind,
  priorityClasses: importedKind,
  deviceClasses: importedKind,
} as const;
