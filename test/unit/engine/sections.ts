import { resolveSpec, type VirtualClusterOptions } from '../../../lib';
import type { ClusterContext } from '../../../syncer/engine/types';

/** The sections of the syncer's configuration as a declaration gives them, the core one aside. */
export function sectionsOf(options: VirtualClusterOptions = {}): ClusterContext['sections'] {
  return resolveSpec({ name: 'my-vcluster', ...options }).sections;
}
