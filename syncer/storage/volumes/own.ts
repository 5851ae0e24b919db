import { isImported } from '../../engine/import-syncer';
import { ownership } from '../../engine/ownership';
import { hostKeyOf, hostNameOf } from '../../engine/placement';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { type KubeObject, keyOf, type ObjectKey } from '../../kube/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import { hostClaims } from '../claims/host-claims';
import type { VolumeChoice } from '../claims/to-host';
import { chooseClass, type StorageClasses } from '../classes/choose';
import { knownClasses } from '../classes/known';
import type { PersistentVolume, PersistentVolumeClaim } from '../types';
import { tenantVolumes } from './bind';
import { openHandOver } from './hand-over';
import { matchVolume } from './match';

/** The tenant's own volumes and their copies, as far as they are copied to the host. */
export interface OwnVolumes {
  /** The virtual name of a host volume that is such a copy. */
  virtualName(hostName: string): string | undefined;
  hostCopy(name: string): PersistentVolume | undefined;
  /** Whether a claim with this UID is there and not served otherwise. */
  takes(claim: ObjectKey, uid: string, volume: string): boolean;
  volumeFor(claim: PersistentVolumeClaim): VolumeChoice;
  classOf(claim: PersistentVolumeClaim): string;
  bindsAtOnce(className: string): boolean;
}

/** Opens the caches of the tenant's own volumes; without them every claim's volume is the host's. */
export function ownVolumes(context: ClusterContext, sides: SideRegistry): OwnVolumes {
  const { enabled } = context.sections.sync.toHost.persistentVolumes;
  const virtual = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes);
  const claims = sides.virtual<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
  const copies = hostClaims(sides);
  const host = enabled ? sides.host<PersistentVolume>(RESOURCES.persistentVolumes) : undefined;
  const foreign = enabled ? sides.foreign<PersistentVolume>(RESOURCES.persistentVolumes) : undefined;
  const handOver = enabled ? openHandOver(context, sides) : undefined;
  const classes = knownClasses(context, sides);
  const hostName = (name: string) => hostNameOf(name, undefined, context);
  const classOf = (claim: PersistentVolumeClaim) => virtualClassOf(claim, classes, context);
  const bindsAtOnce = (className: string) =>
    context.sections.nodes.scheduling.by !== 'own' || !waits(className, classes);
  return {
    classOf,
    bindsAtOnce,
    hostCopy: (name) => host?.get(hostName(name)),
    virtualName(name) {
      const copy: KubeObject | undefined = host?.get(name);
      const owner = copy === undefined ? undefined : ownership(copy, context);
      return owner?.kind === 'ours' ? owner.key : undefined;
    },
    takes(key, uid, volume) {
      if (claims.get(key)?.metadata.uid !== uid) return false;
      const copy = copies.get(hostKeyOf(key, context));
      return copy === undefined || copy.spec.volumeName === hostName(volume);
    },
    volumeFor(claim) {
      if (!enabled) return { kind: 'none' };
      const handed = handedTo(claim, virtual.cache.list());
      if (handed !== undefined && foreign !== undefined) {
        const { namespace, name } = foreign.get(handed.metadata.name ?? '')?.spec.claimRef ?? {};
        const isReady = `${namespace}/${name}` === hostKeyOf(keyOf(claim), context);
        if (isReady) return { kind: 'volume', hostName: handed.metadata.name ?? '' };
        if (handOver?.isUnderWay(handed)) return { kind: 'coming' };
      }
      const own = tenantVolumes(virtual.cache).map((volume) => virtual.get(keyOf(volume)) ?? volume);
      const given = own.find(
        ({ spec }) => spec.claimRef?.uid !== undefined && spec.claimRef.uid === claim.metadata.uid,
      );
      if (given !== undefined) return { kind: 'volume', hostName: hostName(given.metadata.name ?? '') };
      const className = classOf(claim);
      const match = matchVolume(claim, className, own, bindsAtOnce(className));
      return match === undefined ? { kind: 'none' } : { kind: 'coming' };
    },
  };
}

/** The volume shown that names an unbound claim: somebody in the virtual cluster hands it over. */
function handedTo(
  { spec, metadata }: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): PersistentVolume | undefined {
  if (spec.volumeName !== undefined || metadata.uid === undefined) return undefined;
  return volumes.find((volume) => isImported(volume) && volume.spec.claimRef?.uid === metadata.uid);
}

/** The class of a claim as tenants know it, empty for none. */
function virtualClassOf(claim: PersistentVolumeClaim, classes: StorageClasses, ctx: ClusterContext): string {
  const named = claim.metadata.annotations?.[STORAGE_ANNOTATIONS.betaClass] ?? claim.spec.storageClassName;
  if (named !== undefined) return named;
  const choice = chooseClass(undefined, classes, ctx);
  return choice.kind === 'class' ? (choice.name ?? '') : '';
}

function waits(className: string, classes: StorageClasses): boolean {
  if (classes.kind === 'of-the-host') return false;
  const found = classes.list().find(({ metadata }) => metadata.name === className);
  return found?.volumeBindingMode === 'WaitForFirstConsumer';
}
