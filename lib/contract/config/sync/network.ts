import * as z from 'zod';
import { importedKind, switchedKind } from '../selector';

/** What the section `sync` says under `toHost` about traffic. */
export const networkToHost = {
  ingresses: switchedKind,
  networkPolicies: switchedKind,
  /** The kinds of the Gateway API, each with whether it is copied. */
  gatewayApi: z.strictObject({
    gateways: z.boolean(),
    httpRoutes: z.boolean(),
    grpcRoutes: z.boolean(),
    tlsRoutes: z.boolean(),
    backendTlsPolicies: z.boolean(),
    referenceGrants: z.boolean(),
  }),
} as const;

/** What the section `sync` says under `fromHost` about traffic. */
export const networkFromHost = { ingressClasses: importedKind, gatewayClasses: importedKind } as const;
