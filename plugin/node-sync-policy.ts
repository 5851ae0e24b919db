import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';
import type { PolicyArgs } from './policy-args';

/** Which nodes a virtual cluster has, and where on the host its pods may run. */
export class NodeSyncPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:NodeSyncPolicy', name, args, options);
    const declaration = withOptions<sublet.NodeSyncPolicyArgs>(args.options, { cluster: args.cluster });
    new sublet.NodeSyncPolicy(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
