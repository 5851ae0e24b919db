import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of an ExposedEndpoint. */
export interface ExposedEndpointArgs {
  /** The virtual cluster, which must `require` its `endpoint`. */
  cluster: ClusterArgs;
  /** How it is exposed: `loadBalancer`, `nodePort`, `ingress`, `traefik` or `gateway`. */
  via: string;
  /** DNS name under which the API server is called. */
  hostname: pulumi.Input<string>;
  /** What belongs to the way that was chosen, as in TypeScript: `nodePort`, `ingressClass`, `gateway` and so on. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** How a virtual cluster is reached from outside the host cluster. */
export class ExposedEndpoint extends pulumi.ComponentResource {
  /** Address of the API server: `https://team-a.example.com`. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ExposedEndpointArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:ExposedEndpoint', name, args, options);
    const { cluster, via, hostname } = args;
    const declaration = withOptions<sublet.ExposedEndpointArgs>(args.options, { cluster, via, hostname });
    const endpoint = new sublet.ExposedEndpoint(name, declaration, { parent: this });
    this.url = endpoint.url;
    this.registerOutputs({ url: this.url });
  }
}
