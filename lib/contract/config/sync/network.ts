import { importedKind, switchedKind } from '../selector';

/** What the section `sync` says under `toHost` about traffic. */
export const networkToHost = {
  ingresses: switchedKind,
  networkPolicies: switchedKind,
  gatewayApi: switchedKind,
} as const;

/** What the section `sync` says under `fromHost` about traffic. */
export const networkFromHost = { ingressClasses: importedKind, gatewayClasses: importedKind } as const;
