import { generate } from '../../../lib/manifests';
import { resolveSpec, type VirtualClusterSpec } from '../../../lib/spec';

/** The names that the objects of a virtual cluster have as resources in Pulumi, in alphabetical order. */
export function partsOf(spec: VirtualClusterSpec): readonly string[] {
  return generate(resolveSpec(spec))
    .map(({ slot }) => `${spec.name}-${slot.replaceAll('/', '-')}`)
    .sort();
}
