import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a SyncPolicy. */
export interface SyncPolicyArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, as in TypeScript: `toHost`, `fromHost`, `labels` and so on. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** What crosses between a virtual cluster and the host. */
export class SyncPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: SyncPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:SyncPolicy', name, args, options);
    const declaration = withOptions<sublet.SyncPolicyArgs>(args.options, { cluster: args.cluster });
    new sublet.SyncPolicy(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
