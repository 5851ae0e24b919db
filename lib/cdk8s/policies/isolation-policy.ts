import type { Construct } from 'constructs';
import type { IsolationOptions } from '../../spec';
import { Policy, type PolicyProps } from './policy';

/** What can be said about an {@link IsolationPolicy}. */
export type IsolationPolicyProps = PolicyProps & IsolationOptions;

/**
 * What a virtual cluster's tenants are kept from on the host, in place of the option `isolation` of the virtual cluster.
 * Without the policy nothing of theirs reaches the host.
 */
export class IsolationPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: IsolationPolicyProps) {
    super(scope, id, 'isolation', props);
  }
}
