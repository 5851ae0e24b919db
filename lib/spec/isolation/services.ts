import * as z from 'zod';
import type { ServiceRules } from '../../contract';
import { plainText } from '../fields';
import { RULES } from '../rules';
import { type PortRange, portRangeSchema } from './port-range';

/** What Services of tenants may have of the host. What they may not have stays behind, and they get an event about it. */
export interface ServiceIsolation {
  /** Whether Services may be of type LoadBalancer. @default true */
  readonly loadBalancers?: boolean;
  /**
   * Classes of load balancers that Services may name. A Service that names none gets the host's default.
   * @default - none
   */
  readonly loadBalancerClasses?: readonly string[];
  /** Ranges of addresses that Services may ask a load balancer for by `loadBalancerIP`. @default - none */
  readonly loadBalancerIPs?: readonly string[];
  /**
   * Whether Services may have node ports. Without, load balancers must do without them too:
   * `allocateLoadBalancerNodePorts: false`.
   * @default true
   */
  readonly nodePorts?: boolean;
  /** Node ports that Services may choose by number. The host gives all others. @default - none */
  readonly nodePortRanges?: readonly PortRange[];
  /**
   * Ranges of addresses that Services may take by `externalIPs`. Whoever has such an address gets what all pods of the
   * host send to it (CVE-2020-8554): give away only addresses that are nobody else's.
   * @default - none
   */
  readonly externalIPs?: readonly string[];
}

const LOAD_BALANCER_CLASS = {
  allowed: 'a class of load balancers such as example.com/internal',
  test: RULES.labelKey.test,
};

const ranges = z.array(plainText(RULES.addressRange)).readonly();

/** The schema of {@link ServiceIsolation}. */
export const serviceIsolationSchema = z
  .strictObject({
    loadBalancers: z.boolean().optional(),
    loadBalancerClasses: z.array(plainText(LOAD_BALANCER_CLASS)).readonly().optional(),
    loadBalancerIPs: ranges.optional(),
    nodePorts: z.boolean().optional(),
    nodePortRanges: z.array(portRangeSchema).readonly().optional(),
    externalIPs: ranges.optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolveServiceIsolation(options: ServiceIsolation = {}): ServiceRules {
  const { loadBalancers = true, loadBalancerClasses = [], loadBalancerIPs = [] } = options;
  const { nodePorts = true, nodePortRanges = [], externalIPs = [] } = options;
  return {
    loadBalancers,
    loadBalancerClasses: [...loadBalancerClasses],
    loadBalancerIPs: [...loadBalancerIPs],
    nodePorts,
    nodePortRanges: nodePortRanges.map(({ from, to = from }) => ({ from, to })),
    externalIPs: [...externalIPs],
  };
}
