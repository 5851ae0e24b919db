import type { Construct } from 'constructs';
import type { EndpointOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about an {@link ExposedEndpoint}. */
export type ExposedEndpointProps = PolicyProps & EndpointOptions<Text>;

/**
 * How a virtual cluster is reached from outside the host cluster, in place of the option `endpoint` of the virtual
 * cluster. Its name gets into the certificate and the kubeconfig of the running virtual cluster.
 */
export class ExposedEndpoint extends Policy {
  /** Address of the API server: `https://team-a.example.com`. */
  readonly url: string;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: ExposedEndpointProps) {
    super(scope, id, 'endpoint', props);
    this.url = this.server;
  }
}
