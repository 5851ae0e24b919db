import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import type { ClusterArgs } from './cluster-args';
import { withOptions } from './options';

/** Arguments of a Backup. */
export interface BackupArgs {
  /** The virtual cluster, which must `require` its `backup`. */
  cluster: ClusterArgs;
  /** Time from one backup to the next: `30m`, `6h`, `1d`. `6h` when absent. */
  every?: string;
  /** What else is declared, as in TypeScript: `to`, `encryption`, `keep`, `keys`. It is checked as there. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** How often the store of a virtual cluster is saved, and where to. */
export class Backup extends pulumi.ComponentResource {
  constructor(name: string, args: BackupArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:Backup', name, args, options);
    const { cluster, every } = args;
    const own = every === undefined ? { cluster } : { cluster, every };
    const declaration = withOptions<sublet.BackupArgs>(args.options, own);
    new sublet.Backup(name, declaration, { parent: this });
    this.registerOutputs();
  }
}
