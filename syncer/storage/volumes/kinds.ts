import { readsHostVolumes } from '../../../lib/contract';
import type { Declaration } from '../../engine/declaration';
import { hostKeyOf } from '../../engine/placement';
import { RESOURCES } from '../../kube/resources';
import { keyOf } from '../../kube/types';
import { HOST_CLAIMS, hostClaims } from '../claims/host-claims';
import { BY_BOUND, companionOf } from '../companion-declaration';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';
import { openHandOver } from './hand-over';
import { volumeOfClaim } from './of-claim';
import { ownVolumes } from './own';

/** The volumes that the host provisioned for claims, as the virtual cluster shows them. */
const base = companionOf<PersistentVolumeClaim, PersistentVolume>({
  resource: RESOURCES.persistentVolumes,
  enabled: ({ sections }) => sections.sync.toHost.persistentVolumeClaims.enabled,
  claimResource: RESOURCES.persistentVolumeClaims,
  hostCache: HOST_CLAIMS,
  kind(context, sides) {
    const classes = sides.virtual<StorageClass>(RESOURCES.storageClasses);
    const own = ownVolumes(context, sides);
    const volumes = readsHostVolumes(context.sections)
      ? sides.foreign<PersistentVolume>(RESOURCES.persistentVolumes)
      : undefined;
    const { enabled } = context.sections.sync.toHost.persistentVolumes;
    const handOver = enabled ? openHandOver(context, sides) : undefined;
    return volumeOfClaim({
      isHandedOver: (shown) => handOver?.isUnderWay(shown) ?? false,
      classOf: (name) => classes.get(name),
      isTenants: (name) => own.virtualName(name) !== undefined,
      hostVolume: (name) => volumes?.get(name),
      hostClaim: (key) => hostKeyOf(key, context, 'PersistentVolumeClaim'),
    });
  },
});

/** As {@link base}, following the host's volumes where they are read. */
export const volumesOfClaims: Declaration = {
  ...base,
  open(sides, context) {
    const opened = base.open(sides, context);
    const reads = readsHostVolumes(context.sections);
    const volumes = reads ? sides.foreign<PersistentVolume>(RESOURCES.persistentVolumes) : undefined;
    const shown = sides.virtual<PersistentVolume>(RESOURCES.persistentVolumes).cache;
    const claims = hostClaims(sides).cache;
    const concerns = (name: string) => shown.get(name) !== undefined || claims.byIndex(BY_BOUND, name).length > 0;
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        volumes?.cache.subscribe((change) => {
          const volume = change.kind === 'deleted' ? change.previous : change.object;
          if (concerns(keyOf(volume))) wired.controller.enqueue(keyOf(volume));
        });
        return wired;
      },
    };
  },
};
