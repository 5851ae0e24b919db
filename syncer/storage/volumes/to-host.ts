import type { VolumeSourceKind } from '../../../lib/contract';
import { mergePatch } from '../../engine/diff';
import { clusterScopedMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import { hostNamespaceOf, hostPlace } from '../../engine/placement';
import { scrub } from '../../engine/scrub';
import type { Change, ClusterContext, Translation } from '../../engine/types';
import type { PersistentVolume } from '../types';
import { hostVolumeSource } from './sources';

/** What the translation of a volume must know besides it. */
export interface VolumeSurroundings {
  readonly sources: readonly VolumeSourceKind[];
  /** The host's copy of the volume of this name, if there is one. */
  hostCopy(name: string): PersistentVolume | undefined;
  /** Whether the claim of this virtual key and UID exists. */
  hasClaim(key: string, uid: string): boolean;
}

/**
 * The host's copy of a tenant's volume. It is made once the volume has a claim, and names that claim: a volume without
 * one would be up for grabs by whoever claims a volume on the host.
 */
export function toHostVolume(
  v: PersistentVolume,
  ctx: ClusterContext,
  known: VolumeSurroundings,
): Translation<PersistentVolume> {
  const { claimRef, persistentVolumeReclaimPolicy: policy } = v.spec;
  const { namespace, name, uid } = claimRef ?? {};
  const copy = known.hostCopy(v.metadata.name ?? '');
  if (namespace === undefined || name === undefined || uid === undefined) {
    // As in Kubernetes, a claim that has the volume is named again.
    return copy?.status?.phase === 'Bound'
      ? { kind: 'wait', reason: 'its claim is to be named again' }
      : { kind: 'skip', reason: 'no claim has it' };
  }
  if (copy === undefined && !known.hasClaim(`${namespace}/${name}`, uid))
    return { kind: 'skip', reason: 'its claim is gone' };
  const source = hostVolumeSource(v, known.sources, ctx);
  if (source.kind === 'refused') {
    const { field, message } = source;
    return { kind: 'refused', reason: 'VolumeSourceRefused', field, message };
  }
  if (policy === 'Recycle') {
    const field = 'spec.persistentVolumeReclaimPolicy';
    return {
      kind: 'refused',
      reason: 'ReclaimPolicyRefused',
      field,
      message: `${field}: Recycle would run pods on the host`,
    };
  }
  const claim = hostPlace(name, namespace, ctx, 'PersistentVolumeClaim');
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: clusterScopedMetadata(v, ctx, { kind: { apiVersion: 'v1', kind: 'PersistentVolume' } }),
      spec: {
        ...pick(v.spec, ['accessModes', 'capacity', 'mountOptions', 'nodeAffinity', 'volumeMode']),
        ...source.source,
        persistentVolumeReclaimPolicy: policy ?? 'Retain',
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: claim.name,
          ...(claim.namespace !== undefined && { namespace: claim.namespace }),
        },
      },
    },
  };
}

/** What may change of a volume on the host. Its claim and its source never do. */
const OWNED = ['spec.capacity', 'spec.accessModes', 'spec.mountOptions', 'spec.persistentVolumeReclaimPolicy'];

/** The writes that bring the host's copy to what is desired. */
export function volumeChanges(desired: PersistentVolume, current: PersistentVolume): readonly Change[] {
  const [wanted, has] = [desired.spec.claimRef, current.spec.claimRef];
  if (wanted?.name !== has?.name || wanted?.namespace !== has?.namespace) {
    return [{ kind: 'recreate', reason: 'the volume was given to another claim' }];
  }
  const patch = mergePatch(desired, current, OWNED);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The writes that tell the tenant what became of a volume. */
export function volumeBack(host: PersistentVolume, virtual: PersistentVolume, ctx: ClusterContext): readonly Change[] {
  const { claimRef } = virtual.spec;
  const clean = (text: string) =>
    scrub(text, [
      [host.metadata.name ?? '', virtual.metadata.name ?? ''],
      [host.spec.claimRef?.name ?? '', claimRef?.name ?? ''],
      [hostNamespaceOf(claimRef?.namespace ?? '', ctx), claimRef?.namespace ?? ''],
    ]);
  const { phase, reason, message } = host.status ?? {};
  if (phase === undefined || phase === 'Available') return [];
  const status = {
    phase,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: clean(message) }),
  };
  const desired: PersistentVolume = { ...virtual, status };
  const patch = mergePatch(desired, virtual, ['status.phase', 'status.reason', 'status.message']);
  return patch === undefined ? [] : [{ kind: 'patch', patch, subresource: 'status' }];
}
