import type { Declaration } from '../../engine/declaration';
import { RESOURCES } from '../../kube/resources';
import { HOST_CLAIMS } from '../claims/kind';
import { companionOf } from '../companion-declaration';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../types';
import { volumeOfClaim } from './of-claim';

/** The volumes of bound claims, as the virtual cluster shows them. */
export const volumesOfClaims: Declaration = companionOf<PersistentVolumeClaim, PersistentVolume>({
  resource: RESOURCES.persistentVolumes,
  enabled: ({ sections }) => sections.sync.toHost.persistentVolumeClaims.enabled,
  claimResource: RESOURCES.persistentVolumeClaims,
  hostCache: HOST_CLAIMS,
  kind(_, sides) {
    const classes = sides.virtual<StorageClass>(RESOURCES.storageClasses);
    return volumeOfClaim((name) => classes.get(name));
  },
});
