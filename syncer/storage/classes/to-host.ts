import { type Declaration, toHost } from '../../engine/declaration';
import { mergePatch } from '../../engine/diff';
import { clusterScopedMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import type { Change, ClusterContext, Translation } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { StorageClass } from '../types';

/**
 * The host's copy of a tenant's storage class. Its name is translated, and it is never the default of the host.
 * A parameter that names a Secret would make the host's driver read any Secret of the host, so it is refused.
 */
export function toHostStorageClass(v: StorageClass, ctx: ClusterContext): Translation<StorageClass> {
  const secret = Object.keys(v.parameters ?? {}).find((key) => /secret/i.test(key));
  if (secret !== undefined) {
    const field = `parameters[${JSON.stringify(secret)}]`;
    const message = `${field}: a storage class of this cluster can't name Secrets`;
    return { kind: 'refused', reason: 'SecretRefused', field, message };
  }
  return {
    kind: 'object',
    object: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: clusterScopedMetadata(v, ctx, { kind: { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' } }),
      provisioner: v.provisioner,
      ...pick(v, ['parameters', 'reclaimPolicy', 'mountOptions', 'allowVolumeExpansion']),
      ...pick(v, ['volumeBindingMode', 'allowedTopologies']),
    },
  };
}

const OWNED = ['allowVolumeExpansion', 'mountOptions', 'allowedTopologies'];

/** Fields that Kubernetes lets nobody change. */
const FIXED = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'] as const;

/** The writes that bring the host's class to what is desired. Claims keep what they were made with. */
export function storageClassChanges(desired: StorageClass, current: StorageClass): readonly Change[] {
  const patch = mergePatch(desired, current, [...OWNED, ...FIXED]);
  if (patch === undefined) return [];
  const fixed = FIXED.find((field) => field in patch);
  return fixed === undefined
    ? [{ kind: 'patch', patch }]
    : [{ kind: 'recreate', reason: `${fixed} can't be changed in place` }];
}

/** Storage classes that a tenant declares. */
export const ownStorageClasses: Declaration = toHost<StorageClass, StorageClass>({
  resource: RESOURCES.storageClasses,
  enabled: ({ sections }) => sections.sync.toHost.storageClasses.enabled,
  kind: (context) => ({
    resource: RESOURCES.storageClasses,
    trigger: 'always',
    translate: (virtual) => toHostStorageClass(virtual, context),
    changes: storageClassChanges,
  }),
});
