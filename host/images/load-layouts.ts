import { SubletError } from '../../lib/contract';
import { hostPaths } from '../paths';
import { readDaemon } from '../process/daemon';
import type { HostHandle } from '../types';
import type { ImageLayout } from './layout';
import { importLayouts } from './load';
import { addToRegistry } from './registry-store';

/**
 * Loads images of the cache into the host's containerd and its registry. One of the same name with other content is
 * replaced.
 * @throws SubletError `HOST_SETUP` where the host is not an embedded one with a real node
 */
export async function loadLayouts(
  host: HostHandle,
  layouts: readonly ImageLayout[],
  signal?: AbortSignal,
): Promise<void> {
  const paths = hostPaths(host.name);
  const holder = await readDaemon(paths, 'node');
  if (host.mode !== 'node' || holder === undefined) {
    throw new SubletError('HOST_SETUP', `host ${host.name} has no containerd of its own to load images into`);
  }
  for (const layout of layouts) await addToRegistry(paths.registry, layout);
  await importLayouts(paths, holder.pid, layouts, signal);
}
