import type { PersistentVolumeClaim, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { FILES, STORE_TLS_FILES } from '../contract';
import type { ResolvedSpec } from '../spec';

const NAMES = {
  pki: 'pki',
  sockets: 'sockets',
  data: 'data',
  storeTls: 'store-tls',
  hostToken: 'host-token',
} as const;

/** What the control plane's containers mount. Only `init` and `syncer` may write keys, and only they see the host token. */
export const MOUNTS = {
  pki: { name: NAMES.pki, mountPath: FILES.pkiDir, readOnly: true },
  pkiWritable: { name: NAMES.pki, mountPath: FILES.pkiDir },
  sockets: { name: NAMES.sockets, mountPath: FILES.socketDir },
  data: { name: NAMES.data, mountPath: FILES.dataDir },
  storeTls: { name: NAMES.storeTls, mountPath: FILES.storeTlsDir, readOnly: true },
  hostToken: { name: NAMES.hostToken, mountPath: FILES.hostTokenDir, readOnly: true },
} as const satisfies Record<string, VolumeMount>;

/** The pod's volumes. Keys and sockets never touch a disk. */
export function podVolumes(spec: ResolvedSpec): Volume[] {
  const volumes: Volume[] = [
    { name: NAMES.pki, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } },
    { name: NAMES.sockets, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    { name: NAMES.hostToken, projected: { defaultMode: 0o444, sources: hostTokenSources() } },
  ];
  return [...volumes, ...storeVolumes(spec)];
}

function storeVolumes({ store }: ResolvedSpec): Volume[] {
  if (store.kind === 'sqlite') {
    return store.persistence.kind === 'ephemeral' ? [{ name: NAMES.data, emptyDir: {} }] : [];
  }
  if (store.tls === undefined) return [];
  const { secretName } = store.tls;
  const items = storeTlsFiles(store).map((file) => ({ key: file, path: file }));
  return [{ name: NAMES.storeTls, secret: { secretName, defaultMode: 0o440, items } }];
}

function storeTlsFiles(store: Exclude<ResolvedSpec['store'], { readonly kind: 'sqlite' }>): readonly string[] {
  const { authority, cert, key } = STORE_TLS_FILES;
  return store.kind === 'etcd' || store.tls?.clientCertificate === true ? [authority, cert, key] : [authority];
}

/** The claims that the StatefulSet makes. They cannot change, so nothing that differs between releases may be in them. */
export function volumeClaimTemplates(spec: ResolvedSpec): PersistentVolumeClaim[] {
  if (spec.store.kind !== 'sqlite' || spec.store.persistence.kind === 'ephemeral') return [];
  const { size, storageClass } = spec.store.persistence;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: NAMES.data },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: size } },
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      },
    },
  ];
}

/** What a mounted ServiceAccount consists of, as Kubernetes itself would project it. */
function hostTokenSources() {
  return [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ];
}
