import { PKI_FILES } from '../../../lib/contract';
import { apiServerSans, kubeletSans } from './sans';
import type { PkiFile, PkiIdentity } from './types';

/** Which of the two authorities signs a certificate. */
export type AuthorityName = 'cluster' | 'frontProxy';

/** What one authority is called and where it lies. */
export interface AuthorityProfile {
  readonly cert: PkiFile;
  readonly key: PkiFile;
  readonly commonName: string;
}

/** The two authorities. Front-proxy clients may name any user, so nothing else may be signed by theirs. */
export const AUTHORITIES: { readonly [Name in AuthorityName]: AuthorityProfile } = {
  cluster: { cert: PKI_FILES.caCert, key: PKI_FILES.caKey, commonName: 'kubernetes' },
  frontProxy: {
    cert: PKI_FILES.frontProxyCaCert,
    key: PKI_FILES.frontProxyCaKey,
    commonName: 'front-proxy-ca',
  },
};

/** What one certificate must be. */
export interface LeafProfile {
  readonly cert: PkiFile;
  readonly key: PkiFile;
  readonly authority: AuthorityName;
  readonly usage: 'client' | 'server';
  /** The user as which a client is authenticated. */
  readonly commonName: string;
  /** The group of that user. */
  readonly organization?: string;
  /** Names and addresses that a server is called by. */
  readonly sans: readonly string[];
}

/**
 * The certificates of a control plane. User and group names are those that Kubernetes' built-in roles are bound to; the
 * kubelet client needs no group, because the syncer is the kubelet and knows it by its name.
 */
export function leafProfiles(identity: PkiIdentity): readonly LeafProfile[] {
  const server = { authority: 'cluster', usage: 'server' } as const;
  const client = { authority: 'cluster', usage: 'client', sans: [] } as const;
  const { cluster } = identity;
  return [
    {
      ...server,
      cert: PKI_FILES.apiServerCert,
      key: PKI_FILES.apiServerKey,
      commonName: 'kube-apiserver',
      sans: apiServerSans(identity),
    },
    {
      ...server,
      cert: PKI_FILES.kubeletServingCert,
      key: PKI_FILES.kubeletServingKey,
      commonName: KUBELET_SERVING_NAME,
      sans: kubeletSans(identity),
    },
    {
      ...client,
      cert: PKI_FILES.kubeletClientCert,
      key: PKI_FILES.kubeletClientKey,
      commonName: KUBELET_CLIENT_NAME,
    },
    {
      ...client,
      authority: 'frontProxy',
      cert: PKI_FILES.frontProxyClientCert,
      key: PKI_FILES.frontProxyClientKey,
      commonName: FRONT_PROXY_CLIENT_NAME,
    },
    {
      ...client,
      cert: PKI_FILES.controllerManagerCert,
      key: PKI_FILES.controllerManagerKey,
      commonName: 'system:kube-controller-manager',
    },
    {
      ...client,
      cert: PKI_FILES.schedulerCert,
      key: PKI_FILES.schedulerKey,
      commonName: 'system:kube-scheduler',
    },
    {
      ...client,
      cert: PKI_FILES.syncerCert,
      key: PKI_FILES.syncerKey,
      commonName: `sublet:syncer:${cluster}`,
      organization: ADMIN_GROUP,
    },
    {
      ...client,
      cert: PKI_FILES.adminCert,
      key: PKI_FILES.adminKey,
      commonName: 'kubernetes-admin',
      organization: ADMIN_GROUP,
    },
  ];
}

/** The common name by which the syncer knows its API server. */
export const KUBELET_CLIENT_NAME = 'kube-apiserver-kubelet-client';

/** The common name of the syncer's serving certificate. */
export const KUBELET_SERVING_NAME = 'sublet-kubelet';

/** The common name of the API server towards aggregated API servers. */
export const FRONT_PROXY_CLIENT_NAME = 'front-proxy-client';

/** The group that Kubernetes' authorizer lets do everything. */
const ADMIN_GROUP = 'system:masters';
