import fc from 'fast-check';
import type { VirtualClusterSpec } from '../../../lib';
import { virtualClusterSchema } from '../../../lib/spec/virtual-cluster';
import { declarations } from './arbitrary';
import { shapeOf } from './walk';

/** A declaration and the one that somebody made of it by writing some of its options anew, or all. */
export function versions(name?: string): fc.Arbitrary<readonly [VirtualClusterSpec, VirtualClusterSpec]> {
  const shape = shapeOf(virtualClusterSchema);
  const options = shape.kind === 'object' ? Object.keys(shape.fields) : [];
  return fc
    .tuple(declarations(name), declarations(name), fc.subarray(options))
    .map(([before, other, rewritten]) => [before, mixed(before, other, new Set(rewritten))] as const)
    .filter(([, after]) => virtualClusterSchema.safeParse(after).success);
}

function mixed(
  before: VirtualClusterSpec,
  other: VirtualClusterSpec,
  rewritten: ReadonlySet<string>,
): VirtualClusterSpec {
  const kept = Object.entries(before).filter(([option]) => !rewritten.has(option));
  const anew = Object.entries(other).filter(([option]) => rewritten.has(option));
  return { ...Object.fromEntries([...kept, ...anew]), name: before.name };
}
