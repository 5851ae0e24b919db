import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';
import type { PolicyArgs } from './policy-args';

/** What crosses between a virtual cluster and the host. */
export class SyncPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:SyncPolicy', name, args, options);
    const declaration = withOptions<sublet.SyncPolicyArgs>(args.options, { cluster: args.cluster });
    new sublet.SyncPolicy(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
