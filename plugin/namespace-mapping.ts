import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';
import type { PolicyArgs } from './policy-args';

/** In which host namespaces the objects of a virtual namespace lie. */
export class NamespaceMapping extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:NamespaceMapping', name, args, options);
    const declaration = withOptions<sublet.NamespaceMappingArgs>(args.options, { cluster: args.cluster });
    new sublet.NamespaceMapping(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
