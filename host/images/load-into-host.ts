import { SubletError } from '../../lib/contract';
import { dockerLoad, driverOf } from '../docker/host';
import { hostPaths } from '../paths';
import { readDaemon } from '../process/daemon';
import type { HostHandle } from '../types';
import { archiveReferences, importArchive } from './load';

/**
 * Loads an image archive (`docker save`, OCI layout) into the host's containerd and its registry, so that pods find the
 * images whatever their pull policy.
 * @returns the references of the images
 * @throws SubletError `HOST_SETUP` when the archive is not one, or the host has no containers
 */
export async function loadImage(host: HostHandle, archivePath: string): Promise<readonly string[]> {
  const paths = hostPaths(host.name);
  const driver = await driverOf(paths);
  if (driver !== undefined) {
    await dockerLoad(paths, driver, archivePath);
    return archiveReferences(archivePath);
  }
  const holder = await readDaemon(paths, 'node');
  if (host.mode !== 'node' || holder === undefined) {
    throw new SubletError('HOST_SETUP', `host ${host.name} runs no containers, so it takes no images`);
  }
  return importArchive(paths, holder.pid, archivePath);
}
