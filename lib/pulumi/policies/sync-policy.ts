import type * as pulumi from '@pulumi/pulumi';
import type { SyncOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link SyncPolicy}. */
export type SyncPolicyArgs = PolicyArgs &
  SyncOptions<pulumi.Input<string>, pulumi.Input<number>, pulumi.Input<boolean>>;

/** What crosses between a virtual cluster and the host, in place of the option `sync` of the virtual cluster. */
export class SyncPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: SyncPolicyArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('SyncPolicy', name, 'sync', args, options);
  }
}
