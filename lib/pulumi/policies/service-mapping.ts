import type * as pulumi from '@pulumi/pulumi';
import type { ServiceMappingsOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link ServiceMapping}. */
export type ServiceMappingArgs = PolicyArgs & ServiceMappingsOptions<pulumi.Input<string>>;

/** Services that are known under given names on the other side, in place of the option `serviceMappings` of the virtual cluster. */
export class ServiceMapping extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: ServiceMappingArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('ServiceMapping', name, 'serviceMappings', args, options);
  }
}
