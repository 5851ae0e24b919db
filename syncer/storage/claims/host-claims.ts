import type { CacheShape, SideRegistry } from '../../engine/side-registry';
import { RESOURCES } from '../../kube/resources';
import { BY_BOUND } from '../companion-declaration';
import type { PersistentVolumeClaim } from '../types';

/** What the host's claims are found by. */
export const HOST_CLAIMS: CacheShape<PersistentVolumeClaim> = {
  indexers: { [BY_BOUND]: ({ spec }) => (spec.volumeName === undefined ? [] : [spec.volumeName]) },
};

/** The host's copies of claims. */
export function hostClaims(sides: SideRegistry) {
  return sides.host<PersistentVolumeClaim>(RESOURCES.persistentVolumeClaims, HOST_CLAIMS);
}
