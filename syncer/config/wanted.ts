import { ANNOTATIONS } from '../../lib/contract';
import { isImported } from '../engine/import-syncer';
import type { KubeObject } from '../kube/types';

/**
 * Which ConfigMaps or Secrets are copied though nothing on the host refers to them: all that are the tenant's own where
 * the declaration says so, else those that ask for it by annotation.
 */
export function wantedConfig({ all }: { readonly all: boolean }): (virtual: KubeObject) => boolean {
  return (virtual) => !isImported(virtual) && (all || virtual.metadata.annotations?.[ANNOTATIONS.forceSync] === 'true');
}
