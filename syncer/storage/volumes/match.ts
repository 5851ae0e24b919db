import { isSelected } from '../../engine/selected';
import { amountOf, isGreater } from '../quantity';
import type { PersistentVolume, PersistentVolumeClaim } from '../types';
import { claimKeyOf } from './of-claim';

/** The class of a claim as it counts for finding a volume: empty for none. */
export type ClassOfClaim = string;

/**
 * The volume of the tenant's own that a claim gets, as Kubernetes' volume binder would choose: the one that names the
 * claim or that it names, else the smallest unclaimed one of its class that is large enough, first by name.
 * Source: `findMatchingVolume` in Kubernetes' `pkg/volume/persistentvolume`.
 * @param mayChoose whether one that neither names is to be chosen, or the claim waits for its first pod
 */
export function matchVolume(
  claim: PersistentVolumeClaim,
  className: ClassOfClaim,
  volumes: readonly PersistentVolume[],
  mayChoose: boolean,
): PersistentVolume | undefined {
  const free = volumes.filter((volume) => volume.metadata.deletionTimestamp === undefined && isFreeFor(volume, claim));
  const { volumeName } = claim.spec;
  if (volumeName !== undefined) {
    return free.find(
      (volume) => volume.metadata.name === volumeName && (names(volume, claim) || fits(volume, claim, className)),
    );
  }
  const named = free.find((volume) => names(volume, claim));
  if (named !== undefined || !mayChoose) return named;
  const { selector = {} } = claim.spec;
  return free
    .filter((volume) => fits(volume, claim, className) && isSelected(volume, selector))
    .sort(bySizeThenName)[0];
}

/** Whether a volume has no claim, or this one. A claim of the same name but another UID is another claim. */
function isFreeFor(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return volume.spec.claimRef === undefined || names(volume, claim);
}

function names(volume: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  return (
    claimKeyOf(volume) === `${metadata.namespace}/${metadata.name}` &&
    (claimRef?.uid === undefined || claimRef.uid === '' || claimRef.uid === metadata.uid)
  );
}

function fits({ spec }: PersistentVolume, { spec: wanted }: PersistentVolumeClaim, className: ClassOfClaim): boolean {
  return (
    (spec.storageClassName ?? '') === className &&
    (spec.volumeMode ?? 'Filesystem') === (wanted.volumeMode ?? 'Filesystem') &&
    (spec.volumeAttributesClassName ?? '') === (wanted.volumeAttributesClassName ?? '') &&
    (wanted.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
    !isGreater(wanted.resources?.requests?.storage, spec.capacity?.storage)
  );
}

function bySizeThenName(a: PersistentVolume, b: PersistentVolume): number {
  const [one = 0n, other = 0n] = [amountOf(a.spec.capacity?.storage), amountOf(b.spec.capacity?.storage)];
  if (one !== other) return one < other ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
