import { isStorageShown, schedulesOwnVolumes } from '../../../lib/contract';
import { type Declaration, toHost } from '../../engine/declaration';
import { hostKeyOf } from '../../engine/placement';
import type { CacheShape, SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { keyOf } from '../../kube/types';
import { knownClasses } from '../classes/known';
import { BY_BOUND } from '../companion-declaration';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';
import { claimKeyOf } from '../volumes/of-claim';
import { claimBack } from './back';
import { claimChanges } from './changes';
import { type ClaimSurroundings, toHostClaim } from './to-host';

/** What the host's claims are found by. */
export const HOST_CLAIMS: CacheShape<PersistentVolumeClaim> = {
  indexers: { [BY_BOUND]: ({ spec }) => (spec.volumeName === undefined ? [] : [spec.volumeName]) },
};

const base = toHost<PersistentVolumeClaim, PersistentVolumeClaim>({
  resource: RESOURCES.persistentVolumeClaims,
  enabled: ({ sections }) => sections.sync.toHost.persistentVolumeClaims.enabled,
  hostCache: HOST_CLAIMS,
  kind(context, sides) {
    const known = surroundings(context, sides);
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes);
    const virtualVolume = (name: string) => (volumes.get(name) === undefined ? undefined : name);
    return {
      resource: RESOURCES.persistentVolumeClaims,
      trigger: 'always',
      translate: (virtual) => toHostClaim(virtual, context, known),
      changes: claimChanges,
      back: (host, virtual) => claimBack(host, virtual, context, { classes: known.classes, virtualVolume }),
    };
  },
});

/** Claims of volumes. They also look up when what they wait for comes: the volume that is shown, or a class. */
export const claims: Declaration = {
  ...base,
  open(sides, context) {
    const opened = base.open(sides, context);
    const virtual = sides.virtual<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims).cache;
    const host = sides.host<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims, HOST_CLAIMS);
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes).cache;
    const classes = classCache(context, sides);
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        volumes.subscribe((change) => {
          const key = claimKeyOf(change.kind === 'deleted' ? change.previous : change.object);
          if (key !== undefined) wired.controller.enqueue(key);
        });
        classes?.subscribe(() => {
          for (const claim of virtual.list()) {
            if (host.get(hostKeyOf(keyOf(claim), context)) === undefined) wired.controller.enqueue(keyOf(claim));
          }
        });
        return wired;
      },
    };
  },
};

function surroundings(context: ClusterContext, sides: SideRegistry): ClaimSurroundings {
  const host = sides.host<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims, HOST_CLAIMS);
  return {
    classes: knownClasses(context, sides),
    isAttributesClass: () => true,
    isSynced: (group, kind) => group === '' && kind === 'PersistentVolumeClaim',
    hostCopy: (key) => host.get(hostKeyOf(key, context)),
    volumeFor: () => undefined,
    schedulesItself: schedulesOwnVolumes(context.sections),
  };
}

/** Where a class may appear that a claim waits for. */
function classCache({ sections }: ClusterContext, sides: SideRegistry) {
  if (sections.sync.toHost.storageClasses.enabled) return sides.virtual<StorageClass>(RESOURCES.storageClasses).cache;
  if (isStorageShown('storageClasses', sections)) return sides.foreign<StorageClass>(RESOURCES.storageClasses).cache;
  return undefined;
}
