import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of an IsolationPolicy. */
export interface IsolationPolicyArgs {
  /** The virtual cluster, which must `require` its `isolation`. */
  cluster: ClusterArgs;
  /** The Pod Security Standard that pods must meet: `baseline`, `restricted` or `privileged`; or `off`. `baseline` when absent. */
  level?: string;
  /** What else is declared, as in TypeScript: `allow` and so on. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** What a virtual cluster's tenants are kept from on the host. */
export class IsolationPolicy extends pulumi.ComponentResource {
  constructor(name: string, args: IsolationPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:IsolationPolicy', name, args, options);
    const { cluster, level } = args;
    const own = level === undefined ? { cluster } : { cluster, level };
    const declaration = withOptions<sublet.IsolationPolicyArgs>(args.options, own);
    new sublet.IsolationPolicy(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
