import type { VirtualClusterSpec } from '../../../lib';
import { decidesNetwork, keepsIn } from '../../../lib/spec/isolation/known-addresses';
import { isSize } from '../../../lib/spec/isolation/known-sizes';
import { markerOf } from '../../../lib/spec/markers';
import { virtualClusterSchema } from '../../../lib/spec/virtual-cluster';
import { pathKey, replaced } from './edit';
import { type Leaf, leavesOf, takes } from './walk';

/** The leaves of a declaration whose values may come at deployment. */
export function laterLeaves(declaration: VirtualClusterSpec): readonly Leaf[] {
  return leavesOf(virtualClusterSchema, declaration).filter(
    ({ path, schema, value }) =>
      takes(schema, markerOf(0)) &&
      (path[0] !== 'namespace' || isAlone(declaration, value)) &&
      !(isSize(path) && leavesRoom(declaration)) &&
      !(decidesNetwork(path) && keepsIn(declaration)) &&
      (path.at(-1) !== 'replicas' || path[0] !== 'controlPlane' || hasSharedStore(declaration)),
  );
}

/** How many pods there are need not be known where there can be any number. */
function hasSharedStore({ store }: VirtualClusterSpec): boolean {
  return store !== undefined && store.kind !== 'sqlite';
}

/**
 * Whether no mapping names the virtual cluster's own namespace, whose rights it then has without more, and no rule names
 * any in full, beside which the own one must be known.
 */
function isAlone(declaration: VirtualClusterSpec, namespace: unknown): boolean {
  if (declaration.namespaces?.mode === 'mapped') return false;
  return leavesOf(virtualClusterSchema, declaration).filter(({ value }) => value === namespace).length === 1;
}

/** Whether what is declared of isolation leaves room for the control plane, whose sizes must then be known. */
function leavesRoom({ isolation = {} }: VirtualClusterSpec): boolean {
  return 'quota' in isolation || 'limits' in isolation;
}

/** The declaration with something else in place of its later leaves, or of some of them. */
export function postponed(
  declaration: VirtualClusterSpec,
  leaves: readonly Leaf[],
  later: (value: unknown) => unknown,
): { readonly [option: string]: unknown } {
  const others = new Map(leaves.map(({ path, value }) => [pathKey(path), later(value)]));
  return { ...(replaced(declaration, others) as object) };
}
