import { isStorageShown, schedulesOwnVolumes } from '../../../lib/contract';
import { type Declaration, toHost } from '../../engine/declaration';
import { hostKeyOf } from '../../engine/placement';
import { isSelected } from '../../engine/selected';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { type KubeObject, keyOf } from '../../kube/types';
import { knownClasses } from '../classes/known';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';
import { claimKeyOf } from '../volumes/of-claim';
import { ownVolumes } from '../volumes/own';
import { claimBack, lostPhase } from './back';
import { claimChanges } from './changes';
import { HOST_CLAIMS, hostClaims } from './host-claims';
import { type ClaimSurroundings, toHostClaim } from './to-host';

const base = toHost<PersistentVolumeClaim, PersistentVolumeClaim>({
  resource: RESOURCES.persistentVolumeClaims,
  enabled: ({ sections }) => sections.sync.toHost.persistentVolumeClaims.enabled,
  hostCache: HOST_CLAIMS,
  kind(context, sides) {
    const known = surroundings(context, sides);
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes);
    const own = ownVolumes(context, sides);
    const virtualVolume = (name: string) => own.virtualName(name) ?? volumes.get(name)?.metadata.name;
    return {
      resource: RESOURCES.persistentVolumeClaims,
      trigger: 'always',
      translate: (virtual) => toHostClaim(virtual, context, known),
      changes: claimChanges,
      whenRefused: lostPhase,
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
    const host = hostClaims(sides);
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes).cache;
    const classes = classCache(context, sides);
    const reads = context.sections.sync.toHost.persistentVolumes.enabled;
    const foreign = reads ? sides.foreign<PersistentVolume>(RESOURCES.persistentVolumes).cache : undefined;
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        volumes.subscribe((change) => {
          const key = claimKeyOf(change.kind === 'deleted' ? change.previous : change.object);
          if (key !== undefined) wired.controller.enqueue(key);
        });
        // The host's volume of a claim to which one is handed over.
        foreign?.subscribe((change) => {
          const { name = '' } = (change.kind === 'deleted' ? change.previous : change.object).metadata;
          const shown = volumes.get(name);
          const key = shown === undefined ? undefined : claimKeyOf(shown);
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
  const host = hostClaims(sides);
  const own = ownVolumes(context, sides);
  return {
    classes: knownClasses(context, sides),
    isAttributesClass: attributesClasses(context, sides),
    isSynced: (group, kind) => isSynced(group, kind, context),
    hostCopy: (key) => host.get(hostKeyOf(key, context)),
    volumeFor: own.volumeFor,
    schedulesItself: schedulesOwnVolumes(context.sections),
  };
}

function attributesClasses({ sections }: ClusterContext, sides: SideRegistry): (name: string) => boolean {
  const { enabled, selector } = sections.sync.fromHost.volumeAttributesClasses;
  if (!enabled) return () => true;
  const host = sides.foreign<KubeObject>(RESOURCES.volumeAttributesClasses, { optional: true });
  return (name) => {
    const found = host.get(name);
    return found !== undefined && isSelected(found, selector);
  };
}

/** Whether objects of a kind are on the host, so that a claim may take its data from one. */
function isSynced(group: string, kind: string, { sections }: ClusterContext): boolean {
  if (group === '') return kind === 'PersistentVolumeClaim';
  if (group === RESOURCES.volumeSnapshots.group) {
    return kind === RESOURCES.volumeSnapshots.kind && sections.sync.toHost.volumeSnapshots.enabled;
  }
  return sections['custom-resources'].toHost.some((rule) => rule.group === group && rule.kind === kind);
}

/** Where a class may appear that a claim waits for. */
function classCache({ sections }: ClusterContext, sides: SideRegistry) {
  if (sections.sync.toHost.storageClasses.enabled) return sides.virtual<StorageClass>(RESOURCES.storageClasses).cache;
  if (isStorageShown('storageClasses', sections)) return sides.foreign<StorageClass>(RESOURCES.storageClasses).cache;
  return undefined;
}
