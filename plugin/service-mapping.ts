import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';
import type { PolicyArgs } from './policy-args';

/** Services that are known under given names on the other side. */
export class ServiceMapping extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:ServiceMapping', name, args, options);
    const declaration = withOptions<sublet.ServiceMappingArgs>(args.options, { cluster: args.cluster });
    new sublet.ServiceMapping(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
