import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';
import type { PolicyArgs } from './policy-args';

/** Custom resources that cross. */
export class CustomResourceSync extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:CustomResourceSync', name, args, options);
    const declaration = withOptions<sublet.CustomResourceSyncArgs>(args.options, { cluster: args.cluster });
    new sublet.CustomResourceSync(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
