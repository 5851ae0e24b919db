import { Controller } from '../../engine/controller';
import { type Declaration, toHost } from '../../engine/declaration';
import { isImported } from '../../engine/import-syncer';
import { ownership } from '../../engine/ownership';
import { hostKeyOf } from '../../engine/placement';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { keyOf, type ObjectKey } from '../../kube/types';
import { hostClaims } from '../claims/host-claims';
import type { PersistentVolume, PersistentVolumeClaim } from '../types';
import { VolumeBinder } from './bind';
import { ownVolumes } from './own';
import { secretsOf } from './sources';
import { toHostVolume, volumeBack, volumeChanges } from './to-host';

const isOn = ({ sections }: ClusterContext) => sections.sync.toHost.persistentVolumes.enabled;

const base = toHost<PersistentVolume, PersistentVolume>({
  resource: RESOURCES.persistentVolumes,
  enabled: isOn,
  kind(context, sides) {
    const own = ownVolumes(context, sides);
    const { sources } = context.sections.sync.toHost.persistentVolumes;
    return {
      resource: RESOURCES.persistentVolumes,
      trigger: 'always',
      references: (virtual) => (isImported(virtual) ? [] : secretsOf(virtual)),
      translate(virtual) {
        if (isImported(virtual)) return { kind: 'skip', reason: 'it shows a volume of the host' };
        const hasClaim = (key: ObjectKey, uid: string) => own.takes(key, uid, virtual.metadata.name ?? '');
        return toHostVolume(virtual, context, { sources, hostCopy: own.hostCopy, hasClaim });
      },
      changes: volumeChanges,
      back: (host, virtual) => volumeBack(host, virtual, context),
    };
  },
});

/** Volumes that a tenant declares. They come to the host with the claim that has them. */
export const volumesToHost: Declaration = {
  ...base,
  open(sides, context) {
    const opened = base.open(sides, context);
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes).cache;
    const claims = sides.virtual<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims).cache;
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        claims.subscribe((change) => {
          if (change.kind === 'modified') return;
          const { uid } = (change.kind === 'deleted' ? change.previous : change.object).metadata;
          for (const volume of volumes.list()) {
            if (volume.spec.claimRef?.uid === uid) wired.controller.enqueue(keyOf(volume));
          }
        });
        return wired;
      },
    };
  },
};

/** Gives the tenant's volumes to their claims. */
export const volumeBinding: Declaration = {
  name: 'volume-binding',
  enabled: isOn,
  open(sides, context) {
    const volumes = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes);
    const claims = sides.virtual<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims);
    const binder = new VolumeBinder({ claims, volumes, ...facts(context, sides) });
    const copies = sides.host<PersistentVolume>(RESOURCES.persistentVolumes).cache;
    const isUnbound = ({ spec }: PersistentVolumeClaim) => spec.volumeName === undefined;
    return {
      watched: [],
      wire({ report }) {
        const controller = new Controller({
          name: 'volume-binding',
          report,
          workers: 1,
          reconcile: (key) => binder.reconcile(key),
        });
        claims.cache.subscribe((change) => {
          const claim = change.kind === 'deleted' ? change.previous : change.object;
          controller.enqueue(keyOf(claim));
          for (const volume of volumes.cache.list()) {
            if (volume.spec.claimRef?.uid === claim.metadata.uid) controller.enqueue(keyOf(volume));
          }
        });
        volumes.cache.subscribe((change) => {
          const volume = change.kind === 'deleted' ? change.previous : change.object;
          if (isImported(volume)) return;
          controller.enqueue(keyOf(volume));
          for (const claim of claims.cache.list()) {
            if (isUnbound(claim) || claim.spec.volumeName === volume.metadata.name) controller.enqueue(keyOf(claim));
          }
        });
        copies.subscribe((change) => {
          const owner = change.kind === 'deleted' ? ownership(change.previous, context) : undefined;
          if (owner?.kind === 'ours') controller.enqueue(owner.key);
        });
        return {
          controller,
          *keys() {
            for (const claim of claims.cache.list()) yield keyOf(claim);
            for (const volume of volumes.cache.list()) if (!isImported(volume)) yield keyOf(volume);
          },
          async reconcileNow(key) {
            await binder.reconcile(key);
          },
        };
      },
    };
  },
};

function facts(context: ClusterContext, sides: SideRegistry) {
  const own = ownVolumes(context, sides);
  const copies = hostClaims(sides);
  return {
    classOf: own.classOf,
    bindsAtOnce: own.bindsAtOnce,
    isOnHost: (key: ObjectKey) =>
      (key.includes('/') ? copies.get(hostKeyOf(key, context)) : own.hostCopy(key)) !== undefined,
  };
}
