import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import type { Cache, KubeObject } from '../kube/types';
import { POD_CERTIFICATE_REQUESTS, type PodCertificateRequest } from '../pods/certificates/request';
import { TRUST_BUNDLES, type TrustBundle } from '../pods/trust-bundles';

/** What of a kind is read here. */
type Kind<T extends KubeObject> = Pick<Cache<T>, 'list' | 'get' | 'subscribe' | 'served'>;

/** The tenant's objects by which pods get certificates, as far as there are any. */
export interface CertificateKinds {
  readonly trustBundles: Kind<TrustBundle>;
  readonly requests: Kind<PodCertificateRequest>;
}

/** The first minor version of Kubernetes 1 that has these kinds as stable ones. */
const SINCE_MINOR = 37;

/** The caches of these kinds, to be run with the others; empty ones where Kubernetes has none. */
export function openCertificateKinds(
  registry: SideRegistry,
  { config }: Pick<ClusterContext, 'config'>,
): CertificateKinds {
  if (Number(config.kubernetesVersion.split('.')[1]) < SINCE_MINOR) return { trustBundles: NONE, requests: NONE };
  return {
    trustBundles: registry.virtual<TrustBundle>(TRUST_BUNDLES, { optional: true }).cache,
    requests: registry.virtual<PodCertificateRequest>(POD_CERTIFICATE_REQUESTS, { optional: true }).cache,
  };
}

const NONE: Kind<never> = { list: () => [], get: () => undefined, subscribe: () => () => {}, served: false };
