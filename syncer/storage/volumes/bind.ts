import { isImported } from '../../engine/import-syncer';
import type { Outcome } from '../../engine/kind';
import type { Side } from '../../engine/side';
import type { Cache, ObjectKey } from '../../kube/types';
import { keyOf } from '../../kube/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import type { PersistentVolume, PersistentVolumeClaim } from '../types';
import { matchVolume } from './match';
import { claimKeyOf, claimReference } from './of-claim';

/** What a {@link VolumeBinder} works with. */
export interface VolumeBinderDependencies {
  readonly claims: Side<PersistentVolumeClaim>;
  readonly volumes: Side<PersistentVolume>;
  /** Whether the host has a copy of a claim (a key with a namespace: it is past the choice) or of a volume. */
  isOnHost(key: ObjectKey): boolean;
  /** The class that counts for a claim, empty for none. */
  classOf(claim: PersistentVolumeClaim): string;
  /** Whether a volume may be chosen before the claim's first pod has a node. */
  bindsAtOnce(className: string): boolean;
}

/**
 * Gives tenants' volumes to their claims, as Kubernetes' volume binder does by naming the claim in the volume. The host's
 * own binder must not choose: it knows no bounds between tenants. Runs one key at a time, so that no volume is given away
 * twice. Keys with a namespace are claims, those without are volumes.
 */
export class VolumeBinder {
  constructor(private readonly deps: VolumeBinderDependencies) {}

  /**
   * Looks for a claim's volume, or tells what became of a volume that no claim has.
   * @throws ApiError when a request fails: the caller tries again
   */
  async reconcile(key: string): Promise<Outcome> {
    return key.includes('/') ? this.#bindClaim(key) : this.#showPhase(key);
  }

  async #bindClaim(key: ObjectKey): Promise<Outcome> {
    const { claims, volumes, isOnHost } = this.deps;
    const claim = claims.get(key);
    if (claim?.metadata.uid === undefined || claim.metadata.deletionTimestamp !== undefined) return UNCHANGED;
    const isPast = isOnHost(key);
    if (isPast && claim.spec.volumeName === undefined) return UNCHANGED;
    const volume = this.#choose(claim);
    if (volume === undefined) return UNCHANGED;
    const { uid } = volume.spec.claimRef ?? {};
    if (uid === claim.metadata.uid) return UNCHANGED;
    const { resourceVersion } = volume.metadata;
    const annotations =
      volume.spec.claimRef === undefined ? { [STORAGE_ANNOTATIONS.boundByController]: 'yes' } : undefined;
    await volumes.patch(keyOf(volume), {
      metadata: { resourceVersion, ...(annotations && { annotations }) },
      spec: { claimRef: claimReference(claim) },
    });
    return { kind: 'patched' };
  }

  #choose(claim: PersistentVolumeClaim): PersistentVolume | undefined {
    const { volumes, classOf, bindsAtOnce } = this.deps;
    const className = classOf(claim);
    // What was written last counts, although the watch may not have brought it yet.
    const own = tenantVolumes(volumes.cache).map((volume) => volumes.get(keyOf(volume)) ?? volume);
    return matchVolume(claim, className, own, bindsAtOnce(className));
  }

  /** A volume that is not on the host has no phase but what is said here. */
  async #showPhase(name: string): Promise<Outcome> {
    const { volumes, claims, isOnHost } = this.deps;
    const volume = volumes.get(name);
    if (volume === undefined || isImported(volume) || isOnHost(name)) return UNCHANGED;
    const claim = claims.get(claimKeyOf(volume) ?? '');
    if (claim !== undefined && hasOther(claim, volume)) return this.#giveBack(volume);
    const { claimRef } = volume.spec;
    const isGone = claimRef?.uid !== undefined && claim?.metadata.uid !== claimRef.uid;
    const phase = claimRef === undefined ? 'Available' : isGone ? 'Released' : undefined;
    const known = volume.status?.phase;
    if (phase === undefined || known === phase || (isGone && known === 'Failed')) return UNCHANGED;
    await volumes.patch(name, { status: { phase } }, { subresource: 'status' });
    return { kind: 'patched' };
  }

  /** The claim got another volume after all: as in Kubernetes, one that was chosen for it is free again. */
  async #giveBack(volume: PersistentVolume): Promise<Outcome> {
    const { resourceVersion } = volume.metadata;
    const metadata = { resourceVersion, annotations: { [STORAGE_ANNOTATIONS.boundByController]: null } };
    await this.deps.volumes.patch(keyOf(volume), { metadata, spec: { claimRef: null } });
    return { kind: 'patched' };
  }
}

function hasOther(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (
    volume.metadata.annotations?.[STORAGE_ANNOTATIONS.boundByController] === 'yes' &&
    claim.metadata.uid === volume.spec.claimRef?.uid &&
    claim.spec.volumeName !== undefined &&
    claim.spec.volumeName !== volume.metadata.name
  );
}

/** The volumes that a tenant made, in contrast to those that are shown. */
export function tenantVolumes(volumes: Pick<Cache<PersistentVolume>, 'list'>): readonly PersistentVolume[] {
  return volumes.list().filter((volume) => !isImported(volume));
}

const UNCHANGED: Outcome = { kind: 'unchanged' };
