import type * as pulumi from '@pulumi/pulumi';
import type { IsolationOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about an {@link IsolationPolicy}. */
export type IsolationPolicyArgs = PolicyArgs & IsolationOptions;

/**
 * What a virtual cluster's tenants are kept from on the host, in place of the option `isolation` of the virtual cluster.
 * Without the policy nothing of theirs reaches the host.
 */
export class IsolationPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: IsolationPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('IsolationPolicy', name, 'isolation', args, options);
  }
}
