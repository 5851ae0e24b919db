import type * as pulumi from '@pulumi/pulumi';
import type { CustomResourcePolicyOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link CustomResourceSync}. */
export type CustomResourceSyncArgs = PolicyArgs & CustomResourcePolicyOptions<pulumi.Input<string>>;

/** Custom resources that cross, and changes to objects on their way, in place of the option `customResources` of the virtual cluster. */
export class CustomResourceSync extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: CustomResourceSyncArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('CustomResourceSync', name, 'customResources', args, options);
  }
}
