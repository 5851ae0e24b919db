import * as z from 'zod';

const labels = z.record(z.string(), z.string());

const peer = z.union([
  /** Addresses, less those in `except`. */
  z.strictObject({ cidr: z.string(), except: z.array(z.string()) }),
  /** Pods of the host with these labels, in namespaces with those labels. Without any, all pods of these namespaces. */
  z.strictObject({ namespaceLabels: labels, podLabels: labels }),
]);

const rule = z.strictObject({
  peer,
  /** Without any, all ports of all protocols. */
  ports: z.array(
    z.strictObject({ protocol: z.enum(['TCP', 'UDP', 'SCTP']), port: z.number(), endPort: z.number().optional() }),
  ),
});

/** What the section `isolation` says about the network. */
export const networkRules = z.discriminatedUnion('enforce', [
  /** Pods reach whatever the host's own policies let them reach. */
  z.strictObject({ enforce: z.literal(false) }),
  z.strictObject({
    enforce: z.literal(true),
    /** What the tenant's pods reach besides each other. What they must never reach is in `except` already. */
    egress: z.array(rule),
    /** Who reaches the tenant's pods besides each other. */
    ingress: z.array(rule),
    /** Where the host's DNS is asked. */
    hostDns: z.array(peer),
    /** Addresses of the host's API server. Without any, all but link-local ones. */
    hostApi: z.array(z.string()),
    /** What the control plane reaches, and who reaches it, beyond what it needs. */
    controlPlane: z.strictObject({ egress: z.array(rule), ingress: z.array(rule) }),
  }),
]);

/** What the section `isolation` says about the network. */
export type NetworkRules = z.infer<typeof networkRules>;

/** The same where the network is isolated. */
export type EnforcedNetwork = Extract<NetworkRules, { readonly enforce: true }>;

/** One thing that is let through. */
export type NetworkRule = EnforcedNetwork['egress'][number];

/** The other end of what is let through. */
export type NetworkPeer = NetworkRule['peer'];
