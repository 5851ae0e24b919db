import * as z from 'zod';

/** What the section `isolation` says about the host names of Ingresses, Gateways and routes. */
export const hostnameRules = z.strictObject({
  /** Host names, or with a leading `*.` all names below one. Absent: any, but no wildcards. */
  allowed: z.array(z.string()).optional(),
  /** Whether a tenant may take all traffic that nobody else claims. */
  catchAll: z.boolean(),
  /** Where clusters of one host note which of them has which host name. Absent: nowhere. */
  claims: z.strictObject({ namespace: z.string() }).optional(),
});

/** What the section `isolation` says about host names. */
export type HostnameRules = z.infer<typeof hostnameRules>;
