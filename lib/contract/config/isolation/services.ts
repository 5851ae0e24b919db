import * as z from 'zod';

const ports = z.array(z.strictObject({ from: z.number(), to: z.number() }));

/** What the section `isolation` says about Services. */
export const serviceRules = z.strictObject({
  /** Whether Services may be of type LoadBalancer. */
  loadBalancers: z.boolean(),
  /** Classes of load balancers that Services may name. */
  loadBalancerClasses: z.array(z.string()),
  /** Ranges of addresses that Services may ask a load balancer for. */
  loadBalancerIPs: z.array(z.string()),
  /** Whether Services may have node ports. */
  nodePorts: z.boolean(),
  /** Node ports that Services may choose by number; the host gives all others. */
  nodePortRanges: ports,
  /** Ranges of addresses that Services may take for themselves. */
  externalIPs: z.array(z.string()),
});

/** What the section `isolation` says about Services. */
export type ServiceRules = z.infer<typeof serviceRules>;
