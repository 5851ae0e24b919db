import * as z from 'zod';
import { laterNumber, texts } from './fields';
import { type MappedName, mappedNamesSchema } from './mapped-names';
import { componentResources, type ResolvedResources, type Resources } from './resources';
import { RULES } from './rules';

/** What both ways of serving DNS take. */
export interface CommonDnsOptions<Text = string> {
  /**
   * Whether names of the host cluster's Services resolve inside the virtual cluster too. What both have is answered by
   * the virtual cluster.
   * @default false
   */
  readonly forwardToHost?: boolean;
  /**
   * Single names, of either cluster or of the world, that are to lead elsewhere.
   * @default - none
   */
  readonly names?: readonly MappedName<Text>[];
  /**
   * Addresses of the DNS servers that are asked for names outside of the cluster. No other server is ever asked instead.
   * With `forwardToHost` the host cluster's DNS is asked, which has resolvers of its own.
   * @default - with CoreDNS the resolvers of the node; embedded those of the control-plane pod, less the host's names
   */
  readonly upstream?: readonly Text[];
}

/** CoreDNS: a Deployment in the virtual cluster and thus pods on the host, labelled `k8s-app: kube-dns` as everywhere. */
export interface CoreDnsOptions<Text = string, Count = number> extends CommonDnsOptions<Text> {
  readonly mode?: 'coredns';
  /**
   * How many pods, spread over nodes and zones as far as there are several.
   * @default 1
   */
  readonly replicas?: Count;
  /**
   * Resources of each pod.
   * @default - requests of 20m CPU and 64Mi memory, a limit of 170Mi memory
   */
  readonly resources?: Resources<Text>;
}

/** The syncer itself answers: no pod, less memory, and names change the moment that the API server tells it. */
export interface EmbeddedDnsOptions<Text = string> extends CommonDnsOptions<Text> {
  readonly mode: 'embedded';
}

/** DNS inside the virtual cluster, told apart by `mode`, which is `coredns` by default. */
export type DnsOptions<Text = string, Count = number> = CoreDnsOptions<Text, Count> | EmbeddedDnsOptions<Text>;

/** {@link CommonDnsOptions} with nothing left open. */
interface ResolvedCommon {
  readonly forwardToHost: boolean;
  readonly names: readonly MappedName[];
  readonly upstream: readonly string[];
}

/** {@link DnsOptions} with nothing left open. */
export type ResolvedDns =
  | (ResolvedCommon & { readonly mode: 'coredns'; readonly replicas: number; readonly resources: ResolvedResources })
  | (ResolvedCommon & { readonly mode: 'embedded' });

const common = {
  forwardToHost: z.boolean().optional(),
  names: mappedNamesSchema.optional(),
  upstream: texts(RULES.ipAddress).optional(),
};

const COREDNS = componentResources({ cpu: '20m', memory: '64Mi' }, { memory: '170Mi' });

/** The schema of {@link DnsOptions}. */
export const dnsSchema = z.discriminatedUnion('mode', [
  z
    .strictObject({
      mode: z.literal('coredns').optional(),
      replicas: laterNumber(1, 100).optional(),
      resources: COREDNS.schema.optional(),
      ...common,
    })
    .readonly(),
  z.strictObject({ mode: z.literal('embedded'), ...common }).readonly(),
]);

/** Fills in the defaults. */
export function resolveDns(options: DnsOptions = {}): ResolvedDns {
  const { forwardToHost = false, names = [], upstream = [] } = options;
  const shared = { forwardToHost, names, upstream };
  if (options.mode === 'embedded') return { mode: 'embedded', ...shared };
  return {
    mode: 'coredns',
    replicas: options.replicas ?? 1,
    resources: COREDNS.resolve(options.resources),
    ...shared,
  };
}
