import * as z from 'zod';
import type { EndpointSection } from '../contract';
import { type IssueParams, laterNumber, text, texts, textsByKey } from './fields';
import { RULES } from './rules';

interface EndpointBase<Text> {
  /** DNS name under which the API server is called. It leads to the load balancer, node, controller or gateway. */
  readonly hostname: Text;
  /** Annotations of the object that is made, such as those that a DNS controller reads. @default - none */
  readonly annotations?: { readonly [key: string]: Text };
}

interface BehindPort<Count> {
  /** Port under which the API server is called. @default 443 */
  readonly port?: Count;
}

/** A load balancer of the host cluster. */
export interface LoadBalancerEndpoint<Text = string, Count = number> extends EndpointBase<Text>, BehindPort<Count> {
  readonly via: 'loadBalancer';
  /** Which implementation serves it. @default - the host cluster's default */
  readonly loadBalancerClass?: Text;
  /** Address ranges from which it may be reached: `10.0.0.0/8`. @default - all */
  readonly loadBalancerSourceRanges?: readonly Text[];
}

/** A port of every host node. The hostname leads to some of them. */
export interface NodePortEndpoint<Text = string, Count = number> extends EndpointBase<Text> {
  readonly via: 'nodePort';
  /** The port, which is part of the address in the kubeconfig. */
  readonly nodePort: Count;
}

/**
 * An Ingress whose controller passes TLS through by the name that the client asks for. Client certificates work, since
 * nobody but the API server ends TLS.
 */
export interface IngressEndpoint<Text = string, Count = number> extends EndpointBase<Text>, BehindPort<Count> {
  readonly via: 'ingress';
  /** Name of the IngressClass. */
  readonly ingressClass: Text;
  /** Which controller it is: each is told in its own way to pass TLS through, which must be switched on in it. */
  readonly controller: 'nginx' | 'haproxy';
}

/** An IngressRouteTCP of Traefik, which passes TLS through by the name that the client asks for. */
export interface TraefikEndpoint<Text = string, Count = number> extends EndpointBase<Text>, BehindPort<Count> {
  readonly via: 'traefik';
  /** Entry points of Traefik. @default - all of them */
  readonly entryPoints?: readonly Text[];
}

/** A TLSRoute of the Gateway API, on a listener that passes TLS through. */
export interface GatewayEndpoint<Text = string, Count = number> extends EndpointBase<Text>, BehindPort<Count> {
  readonly via: 'gateway';
  /** The Gateway, which must admit routes of the virtual cluster's host namespace. */
  readonly gateway: {
    readonly name: Text;
    /** @default - the host namespace of the virtual cluster */
    readonly namespace?: Text;
    /** Name of the listener. @default - every listener that fits */
    readonly listener?: Text;
  };
}

/** How the virtual cluster is reached from outside the host cluster, told apart by `via`. TLS always ends in the API server. */
export type EndpointOptions<Text = string, Count = number> =
  | LoadBalancerEndpoint<Text, Count>
  | NodePortEndpoint<Text, Count>
  | IngressEndpoint<Text, Count>
  | TraefikEndpoint<Text, Count>
  | GatewayEndpoint<Text, Count>;

const common = { hostname: text(RULES.domain), annotations: textsByKey(RULES.free).readonly().optional() };
const port = laterNumber(1, 65_535).optional();

/** The schema of {@link EndpointOptions}. */
export const endpointSchema = z.discriminatedUnion('via', [
  z
    .strictObject({
      via: z.literal('loadBalancer'),
      ...common,
      port,
      loadBalancerClass: text(RULES.labelKey).optional(),
      loadBalancerSourceRanges: texts(RULES.addressRange).optional(),
    })
    .readonly(),
  z.strictObject({ via: z.literal('nodePort'), ...common, nodePort: laterNumber(1, 65_535) }).readonly(),
  z
    .strictObject({
      via: z.literal('ingress'),
      ...common,
      port,
      ingressClass: text(RULES.subdomain),
      controller: z.enum(['nginx', 'haproxy']),
    })
    .readonly(),
  z.strictObject({ via: z.literal('traefik'), ...common, port, entryPoints: texts(RULES.label).optional() }).readonly(),
  z
    .strictObject({
      via: z.literal('gateway'),
      ...common,
      port,
      gateway: z
        .strictObject({
          name: text(RULES.subdomain),
          namespace: text(RULES.label).optional(),
          listener: text(RULES.subdomain).optional(),
        })
        .readonly(),
    })
    .readonly(),
]);

/** What the syncer is told: the address in the kubeconfig, and the name that the certificate must carry. */
export function resolveEndpoint(endpoint: EndpointOptions | undefined): EndpointSection {
  if (endpoint === undefined) return { version: 1, sans: [] };
  return { version: 1, server: endpointServer(endpoint), sans: [endpoint.hostname] };
}

/** The address that the kubeconfig of a virtual cluster has in the end. */
export function kubeconfigServer(spec: {
  readonly endpoint: EndpointOptions | undefined;
  readonly kubeconfig: { readonly server: string };
}): string {
  return spec.endpoint === undefined ? spec.kubeconfig.server : endpointServer(spec.endpoint);
}

/** The address of the API server at an endpoint: `https://team-a.example.com`, with a port that is not known to be 443. */
function endpointServer(endpoint: EndpointOptions): string {
  const chosen = endpoint.via === 'nodePort' ? endpoint.nodePort : (endpoint.port ?? 443);
  return `https://${endpoint.hostname}${chosen === 443 ? '' : `:${chosen}`}`;
}

/** The address in the kubeconfig is declared once. */
export function oneServer(
  {
    endpoint,
    kubeconfig,
  }: { readonly endpoint?: unknown; readonly kubeconfig?: { readonly server?: unknown } | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (endpoint === undefined || kubeconfig?.server === undefined) return;
  const params: IssueParams = { hint: 'leave it out: the endpoint decides' };
  const message = 'is another address than that of the endpoint';
  context.addIssue({ code: 'custom', path: ['kubeconfig', 'server'], input: kubeconfig.server, message, params });
}
