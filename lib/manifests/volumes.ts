import type { PersistentVolumeClaim, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { FILES } from '../contract';
import type { ResolvedSpec } from '../spec';

const NAMES = { pki: 'pki', sockets: 'sockets', data: 'data', hostToken: 'host-token' } as const;

/** What the control plane's containers mount. Only `init` and `syncer` may write keys, and only they see the host token. */
export const MOUNTS = {
  pki: { name: NAMES.pki, mountPath: FILES.pkiDir, readOnly: true },
  pkiWritable: { name: NAMES.pki, mountPath: FILES.pkiDir },
  sockets: { name: NAMES.sockets, mountPath: FILES.socketDir },
  data: { name: NAMES.data, mountPath: FILES.dataDir },
  hostToken: { name: NAMES.hostToken, mountPath: FILES.hostTokenDir, readOnly: true },
} as const satisfies Record<string, VolumeMount>;

/** The pod's volumes. Keys and sockets never touch a disk. */
export function podVolumes(spec: ResolvedSpec): Volume[] {
  const volumes: Volume[] = [
    { name: NAMES.pki, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } },
    { name: NAMES.sockets, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    { name: NAMES.hostToken, projected: { defaultMode: 0o444, sources: hostTokenSources() } },
  ];
  return spec.store.persistence.kind === 'ephemeral' ? [...volumes, { name: NAMES.data, emptyDir: {} }] : volumes;
}

/** The claims that the StatefulSet makes. They cannot change, so nothing that differs between releases may be in them. */
export function volumeClaimTemplates(spec: ResolvedSpec): PersistentVolumeClaim[] {
  const { persistence } = spec.store;
  if (persistence.kind === 'ephemeral') return [];
  const { size, storageClass } = persistence;
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
