import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a NodeSyncPolicy. */
export interface NodeSyncPolicyArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, as in TypeScript: `mode`, `selector`, `hide` and so on. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** Which nodes a virtual cluster has, and where on the host its pods may run. */
export class NodeSyncPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: NodeSyncPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:NodeSyncPolicy', name, args, options);
    const declaration = withOptions<sublet.NodeSyncPolicyArgs>(args.options, { cluster: args.cluster });
    new sublet.NodeSyncPolicy(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
