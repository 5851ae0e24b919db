import * as z from 'zod';

/** What one name is answered with instead of what it would be by itself. */
export const nameMappingSchema = z.strictObject({
  /** The full name, lower-case, without a dot at its end. */
  name: z.string(),
  to: z.discriminatedUnion('kind', [
    /** The addresses of a Service of the host, as the host's own DNS tells them. */
    z.strictObject({ kind: z.literal('hostService'), namespace: z.string(), name: z.string() }),
    /** The records of another name. */
    z.strictObject({ kind: z.literal('name'), name: z.string() }),
    /** Exactly these addresses, IPv4 and IPv6. */
    z.strictObject({ kind: z.literal('addresses'), addresses: z.array(z.string()) }),
  ]),
});

const common = {
  /** Whether names that the virtual cluster does not know are asked of the host cluster's DNS. */
  forwardToHost: z.boolean(),
  names: z.array(nameMappingSchema),
  /** DNS servers for names outside. Empty: the node's (CoreDNS) or those of the control-plane pod (embedded). */
  upstream: z.array(z.string()),
};

const amounts = z.record(z.string(), z.string());

/** Who answers DNS queries in the virtual cluster, and how. */
export const dnsConfigSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('coredns'),
    /** Image of CoreDNS. */
    image: z.string(),
    replicas: z.int().min(1),
    resources: z.strictObject({ requests: amounts, limits: amounts }),
    ...common,
  }),
  z.strictObject({ mode: z.literal('embedded'), ...common }),
]);

/** Who answers DNS queries in the virtual cluster, and how. */
export type DnsConfig = z.infer<typeof dnsConfigSchema>;

/** What one name is answered with instead of what it would be by itself. */
export type NameMapping = z.infer<typeof nameMappingSchema>;
