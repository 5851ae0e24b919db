import * as z from 'zod';
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
  /** Gateways and routes of the Gateway API, as far as the host has it. @default - off */
  readonly gatewayApi?: GatewayApiOptions;
}

/** Which kinds of the Gateway API are copied. `'auto'` stands for what {@link GatewayApiOptions.enabled} says. */
export interface GatewayApiOptions {
  /**
   * Whether all kinds are copied for which nothing else is said.
   * @default - false; true where a kind is switched on and the others are left out
   */
  readonly enabled?: boolean;
  /** Gateways. @default 'auto' */
  readonly gateways?: boolean | 'auto';
  /** HTTPRoutes. @default 'auto' */
  readonly httpRoutes?: boolean | 'auto';
  /** GRPCRoutes. @default 'auto' */
  readonly grpcRoutes?: boolean | 'auto';
  /** TLSRoutes. @default 'auto' */
  readonly tlsRoutes?: boolean | 'auto';
  /** How Gateways and routes talk to their Services by TLS. @default 'auto' */
  readonly backendTlsPolicies?: boolean | 'auto';
  /** Without them nothing may refer to an object of another namespace. @default 'auto' */
  readonly referenceGrants?: boolean | 'auto';
}

/** The kinds that {@link GatewayApiOptions} switches. */
export const GATEWAY_KINDS = [
  'gateways',
  'httpRoutes',
  'grpcRoutes',
  'tlsRoutes',
  'backendTlsPolicies',
  'referenceGrants',
] as const;

/** What `sync.fromHost` says about traffic. */
export interface NetworkFromHost<Text = string> {
  /** Ingress classes of the host. @default - off */
  readonly ingressClasses?: ImportedKind<Text>;
  /** Gateway classes of the host. @default - off */
  readonly gatewayClasses?: ImportedKind<Text>;
}

const kindSwitch = z.literal([true, false, 'auto']);

const gatewayApiSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    gateways: kindSwitch.optional(),
    httpRoutes: kindSwitch.optional(),
    grpcRoutes: kindSwitch.optional(),
    tlsRoutes: kindSwitch.optional(),
    backendTlsPolicies: kindSwitch.optional(),
    referenceGrants: kindSwitch.optional(),
  })
  .superRefine((options, ctx) => {
    if (options.enabled !== false) return;
    for (const kind of GATEWAY_KINDS) {
      if (options[kind] !== true) continue;
      ctx.addIssue({
        code: 'custom',
        path: [kind],
        message: "must be false or 'auto' where `enabled` is false",
        params: { allowed: "false or 'auto'", hint: 'leave out `enabled` to copy this kind alone' },
      });
    }
  })
  .readonly();

/** The schema of {@link NetworkToHost}, field by field. */
export const networkToHostShape = {
  ingresses: switchedKindSchema.optional(),
  networkPolicies: switchedKindSchema.optional(),
  gatewayApi: gatewayApiSchema.optional(),
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
    gatewayApi: resolveGatewayApi(options.gatewayApi),
  };
}

/** Fills in the defaults. */
export function resolveNetworkFromHost(options: NetworkFromHost) {
  return {
    ingressClasses: resolveImportedKind(options.ingressClasses, false),
    gatewayClasses: resolveImportedKind(options.gatewayClasses, false),
  };
}

/** Which kinds are copied, each said in full. */
function resolveGatewayApi(options: GatewayApiOptions = {}) {
  const is = (kind: (typeof GATEWAY_KINDS)[number]): boolean => {
    const wish = options[kind] ?? 'auto';
    return wish === 'auto' ? options.enabled === true : wish;
  };
  return {
    gateways: is('gateways'),
    httpRoutes: is('httpRoutes'),
    grpcRoutes: is('grpcRoutes'),
    tlsRoutes: is('tlsRoutes'),
    backendTlsPolicies: is('backendTlsPolicies'),
    referenceGrants: is('referenceGrants'),
  };
}
