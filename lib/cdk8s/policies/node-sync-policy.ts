import type { Construct } from 'constructs';
import type { NodePolicyOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link NodeSyncPolicy}. */
export type NodeSyncPolicyProps = PolicyProps & NodePolicyOptions<Text>;

/** Which nodes a virtual cluster has, and where on the host its pods may run, in place of the option `nodes` of the virtual cluster. */
export class NodeSyncPolicy extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: NodeSyncPolicyProps) {
    super(scope, id, 'nodes', props);
  }
}
