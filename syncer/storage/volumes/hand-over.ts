import { Controller } from '../../engine/controller';
import type { Declaration } from '../../engine/declaration';
import { isImported } from '../../engine/import-syncer';
import type { Outcome } from '../../engine/kind';
import { ownership } from '../../engine/ownership';
import { hostPlace } from '../../engine/placement';
import { type Side, splitKey } from '../../engine/side';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { keyOf } from '../../kube/types';
import { hostClaims } from '../claims/host-claims';
import { BY_BOUND } from '../companion-declaration';
import type { PersistentVolume, PersistentVolumeClaim } from '../types';
import { claimKeyOf } from './of-claim';

/** What a {@link HandOver} works with. */
export interface HandOverDependencies {
  readonly context: ClusterContext;
  readonly shown: Side<PersistentVolume>;
  readonly claims: Side<PersistentVolumeClaim>;
  /** The host's own volumes. */
  readonly volumes: Side<PersistentVolume>;
  /** The host's copies of claims that have the volume of this name. */
  claimsBoundTo(name: string): readonly PersistentVolumeClaim[];
}

/**
 * Passes a provisioned volume from one claim of the tenant to another, when the tenant names the other in the volume that
 * is shown: so populators in the virtual cluster hand a filled volume over.
 */
export class HandOver {
  constructor(private readonly deps: HandOverDependencies) {}

  /** Whether a volume shown names another claim than the one that has it, which exists. */
  isUnderWay(shown: PersistentVolume): boolean {
    return this.#heir(shown) !== undefined;
  }

  /**
   * Names the new claim in the host's volume. The host then takes it from the old one.
   * @throws ApiError when a request fails: the caller tries again
   */
  async reconcile(name: string): Promise<Outcome> {
    const { context, volumes } = this.deps;
    const shown = this.deps.shown.get(name);
    const heir = shown === undefined ? undefined : this.#heir(shown);
    const volume = volumes.get(name);
    if (heir === undefined || volume === undefined) return { kind: 'unchanged' };
    const { namespace, name: claim } = splitKey(heir);
    const place = hostPlace(claim, namespace, context, 'PersistentVolumeClaim');
    const { claimRef } = volume.spec;
    if (claimRef?.name === place.name && claimRef.namespace === place.namespace) return { kind: 'unchanged' };
    // A claim may still name a volume that has been lost to it, and that bears the name of another now.
    if (!this.#owners(name).some(({ metadata }) => claimRef?.uid !== undefined && claimRef.uid === metadata.uid))
      return { kind: 'unchanged' };
    const { resourceVersion } = volume.metadata;
    const next = { name: place.name, namespace: place.namespace, uid: null, resourceVersion: null };
    await volumes.patch(name, { metadata: { resourceVersion }, spec: { claimRef: next } });
    return { kind: 'patched' };
  }

  /** The claim that a volume shown is to go to; only of a volume that a claim of this tenant has. */
  #heir(shown: PersistentVolume): string | undefined {
    const { claims, context } = this.deps;
    if (!isImported(shown)) return undefined;
    const heir = claimKeyOf(shown);
    const { uid } = shown.spec.claimRef ?? {};
    if (heir === undefined || uid === undefined || claims.get(heir)?.metadata.uid !== uid) return undefined;
    const owners = this.#owners(keyOf(shown)).map((claim) => ownership(claim, context));
    return owners.some((owner) => owner.kind === 'ours' && owner.uid !== uid) ? heir : undefined;
  }

  /** The host's copies of this tenant's claims that have, or had, a volume. */
  #owners(name: string): readonly PersistentVolumeClaim[] {
    const { claimsBoundTo, context } = this.deps;
    return claimsBoundTo(name).filter((claim) => ownership(claim, context).kind === 'ours');
  }
}

const HAS_OR_HAD: ReadonlySet<string | undefined> = new Set(['Bound', 'Lost']);

/** Opens what a {@link HandOver} needs. */
export function openHandOver(context: ClusterContext, sides: SideRegistry): HandOver {
  const copies = hostClaims(sides);
  return new HandOver({
    context,
    shown: sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes),
    claims: sides.virtual<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims),
    volumes: sides.foreign<PersistentVolume>(RESOURCES.persistentVolumes),
    // A claim that only asks for a volume has no say in it.
    claimsBoundTo: (name) => copies.cache.byIndex(BY_BOUND, name).filter(({ status }) => HAS_OR_HAD.has(status?.phase)),
  });
}

/** Lets populators of the virtual cluster hand volumes over, where the tenant's volumes are copied to the host. */
export const volumeHandOver: Declaration = {
  name: 'volume-hand-over',
  enabled: ({ sections }) => sections.sync.toHost.persistentVolumes.enabled,
  open(sides, context) {
    const handOver = openHandOver(context, sides);
    const { cache } = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes);
    return {
      watched: [],
      wire({ report }) {
        const controller = new Controller({
          name: 'volume-hand-over',
          report,
          workers: 1,
          reconcile: (name) => handOver.reconcile(name),
        });
        cache.subscribe((change) => {
          if (change.kind !== 'deleted' && handOver.isUnderWay(change.object)) controller.enqueue(keyOf(change.object));
        });
        return {
          controller,
          *keys() {
            for (const volume of cache.list()) if (handOver.isUnderWay(volume)) yield keyOf(volume);
          },
          async reconcileNow(name) {
            await handOver.reconcile(name);
          },
        };
      },
    };
  },
};
