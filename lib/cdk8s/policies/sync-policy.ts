import type { Construct } from 'constructs';
import type { SyncOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link SyncPolicy}. */
export type SyncPolicyProps = PolicyProps & SyncOptions<Text>;

/** What crosses between a virtual cluster and the host, in place of the option `sync` of the virtual cluster. */
export class SyncPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: SyncPolicyProps) {
    super(scope, id, 'sync', props);
  }
}
