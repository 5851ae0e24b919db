import * as z from 'zod';
import { laterNumber, text, texts, textsByKey } from './fields';
import { RULES } from './rules';

/** What every Service of a control plane takes. */
interface ServiceBase<Text> {
  /**
   * Annotations, such as those by which a cloud's load balancer is set up.
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: Text };
}

/** Reachable inside the host cluster only. */
export interface ClusterIpService<Text = string> extends ServiceBase<Text> {
  readonly type: 'ClusterIP';
}

/** Reachable on a port of every host node. */
export interface NodePortService<Text = string, Count = number> extends ServiceBase<Text> {
  readonly type: 'NodePort';
  /**
   * The port.
   * @default - the host cluster chooses one
   */
  readonly nodePort?: Count;
}

/** Reachable through a load balancer of the host cluster. */
export interface LoadBalancerService<Text = string> extends ServiceBase<Text> {
  readonly type: 'LoadBalancer';
  /**
   * Which implementation serves it.
   * @default - the host cluster's default
   */
  readonly loadBalancerClass?: Text;
  /**
   * Address ranges from which it may be reached: `10.0.0.0/8`.
   * @default - all
   */
  readonly loadBalancerSourceRanges?: readonly Text[];
}

/** How the API server is reached, told apart by `type`. */
export type ControlPlaneService<Text = string, Count = number> =
  | ClusterIpService<Text>
  | NodePortService<Text, Count>
  | LoadBalancerService<Text>;

const annotations = textsByKey(RULES.free).readonly().optional();

/** The schema of {@link ControlPlaneService}. */
export const serviceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ClusterIP'), annotations }).readonly(),
  z.strictObject({ type: z.literal('NodePort'), annotations, nodePort: laterNumber(1, 65_535).optional() }).readonly(),
  z
    .strictObject({
      type: z.literal('LoadBalancer'),
      annotations,
      loadBalancerClass: text(RULES.labelKey).optional(),
      loadBalancerSourceRanges: texts(RULES.addressRange).optional(),
    })
    .readonly(),
]);
