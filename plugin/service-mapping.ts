import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a ServiceMapping. */
export interface ServiceMappingArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, as in TypeScript: `toHost`, `fromHost`. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** Services that are known under given names on the other side. */
export class ServiceMapping extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceMappingArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:ServiceMapping', name, args, options);
    const declaration = withOptions<sublet.ServiceMappingArgs>(args.options, { cluster: args.cluster });
    new sublet.ServiceMapping(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
