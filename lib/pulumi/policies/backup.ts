import type * as pulumi from '@pulumi/pulumi';
import type { BackupOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link Backup}. */
export type BackupArgs = PolicyArgs & BackupOptions<pulumi.Input<string>>;

/**
 * How often the store of a virtual cluster is saved, and where to, in place of the option `backup` of the virtual
 * cluster. The Secrets that it names must be in the host namespace of the virtual cluster.
 */
export class Backup extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: BackupArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('Backup', name, 'backup', args, options);
  }
}
