import type { Construct } from 'constructs';
import type { NamespacesOptions } from '../../spec';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link NamespaceMapping}. */
export type NamespaceMappingProps = PolicyProps & NamespacesOptions;

/** In which host namespaces the objects of a virtual namespace lie, in place of the option `namespaces` of the virtual cluster. */
export class NamespaceMapping extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: NamespaceMappingProps) {
    super(scope, id, 'namespaces', props);
  }
}
