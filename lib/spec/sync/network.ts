import {
  type ImportedKind,
  importedKindSchema,
  resolveImportedKind,
  resolveSwitchedKind,
  type SwitchedKind,
  switchedKindSchema,
} from './selector';

/** What `sync.toHost` says about traffic. */
export interface NetworkToHost {
  /** Ingresses. @default - off */
  readonly ingresses?: SwitchedKind;
  /** Network policies, bounded to the pods of this virtual cluster. @default - off */
  readonly networkPolicies?: SwitchedKind;
  /** Gateways and routes of the Gateway API. @default - off */
  readonly gatewayApi?: SwitchedKind;
}

/** What `sync.fromHost` says about traffic. */
export interface NetworkFromHost {
  /** Ingress classes of the host. @default - off */
  readonly ingressClasses?: ImportedKind;
  /** Gateway classes of the host. @default - off */
  readonly gatewayClasses?: ImportedKind;
}

/** The schema of {@link NetworkToHost}, field by field. */
export const networkToHostShape = {
  ingresses: switchedKindSchema.optional(),
  networkPolicies: switchedKindSchema.optional(),
  gatewayApi: switchedKindSchema.optional(),
} as const;

/** The schema of {@link NetworkFromHost}, field by field. */
export const networkFromHostShape = {
  ingressClasses: importedKindSchema.optional(),
  gatewayClasses: importedKindSchema.optional(),
} as const;

/** Fills in the defaults. */
export function resolveNetworkToHost(options: NetworkToHost) {
  return {
    ingresses: resolveSwitchedKind(options.ingresses, false),
    networkPolicies: resolveSwitchedKind(options.networkPolicies, false),
    gatewayApi: resolveSwitchedKind(options.gatewayApi, false),
  };
}

/** Fills in the defaults. */
export function resolveNetworkFromHost(options: NetworkFromHost) {
  return {
    ingressClasses: resolveImportedKind(options.ingressClasses, false),
    gatewayClasses: resolveImportedKind(options.gatewayClasses, false),
  };
}
