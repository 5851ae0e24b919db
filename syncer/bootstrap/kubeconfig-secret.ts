import {
  clusterNames,
  controlPlaneLabels,
  type HostName,
  KUBECONFIG_KEYS,
  LABELS,
  PKI_FILES,
  SubletError,
} from '../../lib/contract';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, OwnerReference, RequestOptions } from '../kube/types';
import { withRight } from './host-rights';
import { renderKubeconfig } from './kubeconfig';
import { encode, type Secret } from './pki/secret';
import type { PkiBundle } from './pki/types';

/** What the kubeconfig Secret is made of. */
export interface KubeconfigSecretParts {
  readonly cluster: string;
  readonly hostNamespace: string;
  /** UID of the host Service `<cluster>`: the Secret goes when that goes. */
  readonly ownerUid: string;
  /** Address of the API server as the kubeconfig's readers reach it. */
  readonly server: string;
  readonly bundle: Pick<PkiBundle, 'ca.crt' | 'admin.crt' | 'admin.key'>;
}

/** The Secret `vc-<cluster>`, with the tenant's admin kubeconfig and its parts. */
export function kubeconfigSecret(parts: KubeconfigSecretParts): Secret {
  const { cluster, hostNamespace, server, bundle } = parts;
  const ca = bundle[PKI_FILES.caCert];
  const cert = bundle[PKI_FILES.adminCert];
  const key = bundle[PKI_FILES.adminKey];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: clusterNames(cluster).kubeconfigSecret,
      namespace: hostNamespace,
      labels: { ...controlPlaneLabels(cluster), [CLUSTER_LABEL]: cluster },
      ownerReferences: [ownerOf(parts)],
    },
    type: 'Opaque',
    data: encode({
      [KUBECONFIG_KEYS.config]: renderKubeconfig({
        server,
        name: cluster,
        material: { kind: 'inline', ca, cert, key },
      }),
      [KUBECONFIG_KEYS.certificateAuthority]: ca,
      [KUBECONFIG_KEYS.clientCertificate]: cert,
      [KUBECONFIG_KEYS.clientKey]: key,
    }),
  };
}

/** What {@link ensureKubeconfigSecret} did. */
export type KubeconfigSecretOutcome = 'created' | 'updated' | 'unchanged';

/**
 * Brings the Secret `vc-<cluster>` to what it should be. Keys and labels that others added stay.
 * @throws SubletError `OWNERSHIP_CONFLICT` when a Secret of that name belongs to somebody else; `HOST_RIGHTS`
 */
export async function ensureKubeconfigSecret(
  client: KubeClient,
  parts: KubeconfigSecretParts,
  options?: RequestOptions,
): Promise<KubeconfigSecretOutcome> {
  const wanted = kubeconfigSecret(parts);
  const { hostNamespace: namespace } = parts;
  const name = clusterNames(parts.cluster).kubeconfigSecret;
  return withRight({ verb: 'get, create and update', resource: 'secrets', namespace }, async () => {
    const existing = await client.get<Secret>(RESOURCES.secrets, namespace, name, options);
    if (existing === undefined) {
      await client.create<Secret>(RESOURCES.secrets, namespace, wanted, options);
      return 'created';
    }
    refuseForeign(existing, name, parts);
    const merged = merge(existing, wanted);
    if (isSame(existing, merged)) return 'unchanged';
    await client.update<Secret>(RESOURCES.secrets, merged, options);
    return 'updated';
  });
}

/** vCluster's label on this Secret, by which its users' tooling finds it. */
const CLUSTER_LABEL = 'vcluster-name';

function ownerOf({ cluster, ownerUid }: KubeconfigSecretParts): OwnerReference {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    name: clusterNames(cluster).controlPlane,
    uid: ownerUid,
    controller: false,
  };
}

function refuseForeign(existing: Secret, name: HostName, { cluster, hostNamespace }: KubeconfigSecretParts): void {
  const labels = existing.metadata.labels ?? {};
  if (Object.entries(controlPlaneLabels(cluster)).every(([key, value]) => labels[key] === value)) return;
  throw new SubletError('OWNERSHIP_CONFLICT', `Secret ${hostNamespace}/${name} exists and is not this cluster's`, {
    hint: `Remove it, or label it ${LABELS.app} and ${LABELS.release} as the control plane's pods are.`,
  });
}

function merge(existing: Secret, wanted: Secret): Secret {
  const { labels, ownerReferences = [] } = wanted.metadata;
  // The owner may have been replaced: its old reference would delete the Secret.
  const others = existing.metadata.ownerReferences?.filter(
    (owner) => !ownerReferences.some(({ kind, name }) => owner.kind === kind && owner.name === name),
  );
  return {
    ...existing,
    metadata: {
      ...existing.metadata,
      labels: { ...existing.metadata.labels, ...labels },
      ownerReferences: [...(others ?? []), ...ownerReferences],
    },
    data: { ...existing.data, ...wanted.data },
  };
}

function isSame(existing: Secret, merged: Secret): boolean {
  const within = (have: object = {}, want: object = {}) => {
    const had: { readonly [key: string]: unknown } = { ...have };
    return Object.entries(want).every(([key, value]) => had[key] === value);
  };
  const uids = (secret: Secret) => (secret.metadata.ownerReferences ?? []).map(({ uid }) => uid).join();
  return (
    within(existing.data, merged.data) &&
    within(existing.metadata.labels, merged.metadata.labels) &&
    uids(existing) === uids(merged)
  );
}
