import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a CustomResourceSync. */
export interface CustomResourceSyncArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, as in TypeScript: `toHost`, `fromHost`. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** Custom resources that cross. */
export class CustomResourceSync extends pulumi.ComponentResource {
  constructor(name: string, args: CustomResourceSyncArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:CustomResourceSync', name, args, options);
    const declaration = withOptions<sublet.CustomResourceSyncArgs>(args.options, { cluster: args.cluster });
    new sublet.CustomResourceSync(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
