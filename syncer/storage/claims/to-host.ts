import { ANNOTATIONS } from '../../../lib/contract';
import { hostMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import type { ClusterContext, Translation } from '../../engine/types';
import { denial, quoted } from '../../isolation/rules';
import { keyOf, type ObjectKey } from '../../kube/types';
import { hostLabelSelector } from '../../pods/selectors';
import { CLAIM_PROTECTION, STORAGE_ANNOTATIONS } from '../annotations';
import { chooseClass, type StorageClasses } from '../classes/choose';
import type { ClaimSpec, PersistentVolumeClaim } from '../types';
import { chooseSource, type IsSynced } from './source';

/** What the translation of a claim must know besides the claim. */
export interface ClaimSurroundings {
  readonly classes: StorageClasses;
  /** Whether a class of volume attributes may be named. */
  isAttributesClass(name: string): boolean;
  readonly isSynced: IsSynced;
  /** The host's copy of the claim of this virtual key, if there is one. */
  hostCopy(key: ObjectKey): PersistentVolumeClaim | undefined;
  /** The tenant's own volume that a claim has or is about to get. No other: it may be somebody else's. */
  volumeFor(claim: PersistentVolumeClaim): VolumeChoice;
  /** Whether the tenant's own scheduler chooses the node for whose sake a volume is made. */
  readonly schedulesItself: boolean;
}

/** What is known of the volume that a claim is to have. */
export type VolumeChoice =
  | { readonly kind: 'volume'; readonly hostName: string }
  /** It is being given to the claim. */
  | { readonly kind: 'coming' }
  | { readonly kind: 'none' };

type NoObject = Extract<Translation<PersistentVolumeClaim>, { readonly kind: 'refused' | 'wait' }>;
type Refusal = Extract<Translation<PersistentVolumeClaim>, { readonly kind: 'refused' }>;

/** The host claim of a virtual one. */
export function toHostClaim(
  v: PersistentVolumeClaim,
  ctx: ClusterContext,
  known: ClaimSurroundings,
): Translation<PersistentVolumeClaim> {
  if (isLetGo(v)) return { kind: 'skip', reason: 'it is being deleted, and only pods that use it hold it' };
  const copied = known.hostCopy(keyOf(v)) !== undefined;
  // What the copy was made with stays, whatever has become of the class or the source since: it can't be changed.
  const origin = copied ? {} : originOf(v, ctx, known);
  if ('kind' in origin) return origin;
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: hostMetadata(v, ctx, {
        kind: { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
        annotations: nodeAnnotations(v, known),
      }),
      spec: {
        ...pick(v.spec, ['accessModes', 'volumeMode', 'volumeAttributesClassName']),
        ...(v.spec.resources && { resources: pick(v.spec.resources, ['requests', 'limits']) }),
        ...(v.spec.selector && { selector: hostLabelSelector(v.spec.selector, ctx) }),
        ...origin,
      },
    },
  };
}

/** Whether a deletion needs to wait for nothing but pods, for which the host's copy waits as well. */
function isLetGo({ metadata: { deletionTimestamp, finalizers = [] } }: PersistentVolumeClaim): boolean {
  return deletionTimestamp !== undefined && finalizers.every((finalizer) => finalizer === CLAIM_PROTECTION);
}

/** Where the volume of a new host claim comes from. */
function originOf(
  v: PersistentVolumeClaim,
  ctx: ClusterContext,
  known: ClaimSurroundings,
): Pick<ClaimSpec, 'storageClassName' | 'volumeName' | 'dataSource' | 'dataSourceRef'> | NoObject {
  const { spec, metadata } = v;
  const volume = known.volumeFor(v);
  const wanted = metadata.annotations?.[STORAGE_ANNOTATIONS.betaClass] ?? spec.storageClassName;
  // A volume that is chosen already counts alone: nothing is made, so neither class nor source matter.
  if (volume.kind === 'volume') return { volumeName: volume.hostName, storageClassName: '' };
  if (volume.kind === 'coming') return { kind: 'wait', reason: 'its volume is being bound' };
  if (spec.volumeName !== undefined) return lostOrForeign(v);
  const attributes = spec.volumeAttributesClassName;
  if (attributes !== undefined && attributes !== '' && !known.isAttributesClass(attributes)) {
    return refusal('ProvisioningFailed', 'spec.volumeAttributesClassName', `there is no class "${attributes}"`);
  }
  if (wanted === '') {
    return refusal('FailedBinding', CLASS_FIELD, 'without a class a claim needs a volume made by hand, and has none');
  }
  const choice = chooseClass(wanted, known.classes, ctx);
  if (choice.kind === 'none') {
    return refusal('FailedBinding', CLASS_FIELD, 'no class is named, and none of this cluster is the default');
  }
  if (choice.kind === 'denied') {
    const { name } = choice;
    const problem = name === undefined ? 'a class must be named here' : `the class ${quoted(name)} can't be used here`;
    const message = denial('classes.storage', CLASS_FIELD, problem);
    return { kind: 'refused', reason: 'ProvisioningFailed', field: CLASS_FIELD, message };
  }
  if (choice.kind === 'missing') {
    return refusal('ProvisioningFailed', CLASS_FIELD, `storageclass.storage.k8s.io "${choice.name}" not found`);
  }
  const source = chooseSource(spec.dataSourceRef ?? spec.dataSource, metadata.namespace ?? '', known.isSynced, ctx);
  if (source.kind === 'refused') return { ...source, reason: 'ProvisioningFailed' };
  return {
    ...(choice.name !== undefined && { storageClassName: choice.name }),
    ...(source.source && { dataSourceRef: source.source }),
  };
}

const CLASS_FIELD = 'spec.storageClassName';

/**
 * A claim that was bound and has no copy has lost its volume: a new copy would get a new, empty one under the old
 * name. And a claim that names a volume which is not the tenant's would take it from whomever it belongs to.
 */
function lostOrForeign({ metadata }: PersistentVolumeClaim): Refusal {
  return metadata.annotations?.[STORAGE_ANNOTATIONS.bindCompleted] === 'yes'
    ? refusal('ClaimLost', 'spec.volumeName', 'the claim has lost its volume. Data on the volume is lost')
    : refusal('FailedBinding', 'spec.volumeName', 'the volume is not one that this cluster may hand to a claim');
}

function refusal(reason: string, field: string, text: string): Refusal {
  return { kind: 'refused', reason, field, message: `${field}: ${text}` };
}

/**
 * The node that the tenant's scheduler has chosen, for the host's provisioner. Our own annotation tells a choice that
 * the provisioner has taken back, to have another node chosen, from one that has not reached the host yet.
 */
function nodeAnnotations({ metadata }: PersistentVolumeClaim, { schedulesItself }: ClaimSurroundings) {
  const node = metadata.annotations?.[STORAGE_ANNOTATIONS.selectedNode];
  if (!schedulesItself || node === undefined) return {};
  return { [STORAGE_ANNOTATIONS.selectedNode]: node, [ANNOTATIONS.selectedNode]: node };
}
