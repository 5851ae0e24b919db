import type * as pulumi from '@pulumi/pulumi';
import type { NodePolicyOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link NodeSyncPolicy}. */
export type NodeSyncPolicyArgs = PolicyArgs & NodePolicyOptions<pulumi.Input<string>, pulumi.Input<boolean>>;

/** Which nodes a virtual cluster has, and where on the host its pods may run, in place of the option `nodes` of the virtual cluster. */
export class NodeSyncPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: NodeSyncPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('NodeSyncPolicy', name, 'nodes', args, options);
  }
}
