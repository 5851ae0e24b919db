import type * as pulumi from '@pulumi/pulumi';
import type { NamespacesOptions } from '../../spec';
import { Policy, type PolicyArgs } from './policy';

/** What can be said about a {@link NamespaceMapping}. */
export type NamespaceMappingArgs = PolicyArgs & NamespacesOptions;

/** In which host namespaces the objects of a virtual namespace lie, in place of the option `namespaces` of the virtual cluster. */
export class NamespaceMapping extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: NamespaceMappingArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('NamespaceMapping', name, 'namespaces', args, options);
  }
}
