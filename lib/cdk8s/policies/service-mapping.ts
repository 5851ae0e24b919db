import type { Construct } from 'constructs';
import type { ServiceMappingsOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link ServiceMapping}. */
export type ServiceMappingProps = PolicyProps & ServiceMappingsOptions<Text>;

/** Services that are known under given names on the other side, in place of the option `serviceMappings` of the virtual cluster. */
export class ServiceMapping extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: ServiceMappingProps) {
    super(scope, id, 'serviceMappings', props);
  }
}
