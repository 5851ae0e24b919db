import type * as pulumi from '@pulumi/pulumi';
import type { EndpointOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about an {@link ExposedEndpoint}. */
export type ExposedEndpointArgs = PolicyArgs & EndpointOptions<pulumi.Input<string>, pulumi.Input<number>>;

/**
 * How a virtual cluster is reached from outside the host cluster, in place of the option `endpoint` of the virtual
 * cluster. Its name gets into the certificate and the kubeconfig of the running virtual cluster.
 */
export class ExposedEndpoint extends Policy {
  /** Address of the API server: `https://team-a.example.com`. */
  readonly url: pulumi.Output<string>;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: ExposedEndpointArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('ExposedEndpoint', name, 'endpoint', args, options);
    this.url = this.server;
  }
}
