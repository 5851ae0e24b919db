import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import type { Cache } from '../kube/types';
import { TRUST_BUNDLES, type TrustBundle } from '../pods/trust-bundles';

/** The tenant's trust bundles, as far as there are any. */
export type TrustBundles = Pick<Cache<TrustBundle>, 'list' | 'subscribe'>;

/** The first minor version of Kubernetes 1 that has them as a stable kind. */
const SINCE_MINOR = 37;

/** The cache of trust bundles, to be run with the others; an empty one where Kubernetes has none. */
export function openTrustBundles(registry: SideRegistry, { config }: Pick<ClusterContext, 'config'>): TrustBundles {
  if (Number(config.kubernetesVersion.split('.')[1]) < SINCE_MINOR) return NONE;
  return registry.virtual<TrustBundle>(TRUST_BUNDLES, { optional: true }).cache;
}

const NONE: TrustBundles = { list: () => [], subscribe: () => () => {} };
