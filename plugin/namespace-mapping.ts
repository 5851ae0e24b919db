import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a NamespaceMapping. */
export interface NamespaceMappingArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, as in TypeScript: `mode` and what belongs to it. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** In which host namespaces the objects of a virtual namespace lie. */
export class NamespaceMapping extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceMappingArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:NamespaceMapping', name, args, options);
    const declaration = withOptions<sublet.NamespaceMappingArgs>(args.options, { cluster: args.cluster });
    new sublet.NamespaceMapping(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
