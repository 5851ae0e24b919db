import type { Construct } from 'constructs';
import type { CustomResourcePolicyOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link CustomResourceSync}. */
export type CustomResourceSyncProps = PolicyProps & CustomResourcePolicyOptions<Text>;

/** Custom resources that cross, and changes to objects on their way, in place of the option `customResources` of the virtual cluster. */
export class CustomResourceSync extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: CustomResourceSyncProps) {
    super(scope, id, 'customResources', props);
  }
}
