import { access, readFile, rm, rmdir } from 'node:fs/promises';
import { SubletError } from '../../lib/contract';
import { dockerDown, driverOf } from '../docker/host';
import { embeddingObstacle } from '../machine/requirements';
import { removeNetworkNamespace } from '../network/namespace';
import { cgroupProcesses, removeCgroups } from '../node/cgroups';
import { mountsBelow } from '../node/mounts';
import { type HostPaths, hostPaths, hostsDirectory, LOCK_DIRECTORY } from '../paths';
import { runChecked } from '../process/command';
import { listDaemons, MARKER_VARIABLE } from '../process/daemon';
import { withLock } from '../process/lock';
import { findByVariable, isAlive } from '../process/proc';
import { killUntilGone } from '../process/stop';
import { stepReporter } from '../steps';
import type { HostOptions } from '../types';

/** How long to wait for an `up` that is under way to end. */
const LOCK_TIMEOUT_MS = 30_000;

/**
 * Removes a host with all that belongs to it, also what a crashed or interrupted `hostUp` left. Cached binaries and images
 * stay. Does nothing when there is no such host.
 *
 * Nothing is asked of the host's own daemons, which may be broken: its processes are found by their environment and their
 * cgroups, its mounts and its pods' network namespaces live in a mount namespace that ends with its processes.
 * @throws SubletError `HOST_SETUP` when something cannot be removed, `HOST_UNSUPPORTED` without the rights to
 */
export async function hostDown(options: HostOptions = {}): Promise<void> {
  const paths = hostPaths(options.name ?? 'default');
  const steps = stepReporter(options.onStep);
  const lock = { what: `host ${paths.name}`, timeoutMs: LOCK_TIMEOUT_MS, signal: options.signal };
  const driver = await driverOf(paths);
  if (driver !== undefined) {
    await withLock(`${paths.directory}.lock`, lock, () => dockerDown(paths, driver, steps));
    return;
  }
  const obstacle = embeddingObstacle();
  if (obstacle !== undefined) {
    if (!(await hostExists(paths))) return;
    throw new SubletError('HOST_UNSUPPORTED', `the embedded host cluster cannot be removed: ${obstacle}`);
  }
  await withLock(paths.lockFile, lock, async () => {
    await steps.run('end all processes', () => killUntilGone(() => hostProcesses(paths)));
    await steps.run('remove namespaces and cgroups', async () => {
      await removeNetworkNamespace(paths);
      await removeCgroups(paths.cgroup);
    });
    await steps.run('remove files', () => removeFiles(paths));
  });
  // Empty only when no other host is up or being worked on.
  await rmdir(LOCK_DIRECTORY).catch(() => {});
}

/** All processes of the host: its daemons, their children, and the containers. */
async function hostProcesses(paths: HostPaths): Promise<number[]> {
  const daemons = await listDaemons(paths);
  const living = await Promise.all(daemons.map(({ pid, startTime }) => isAlive(pid, startTime)));
  const recorded = daemons.filter((_, index) => living[index]).map(({ pid }) => pid);
  const marked = await findByVariable(MARKER_VARIABLE, paths.directory);
  return [...new Set([...recorded, ...marked, ...(await cgroupProcesses(paths.cgroup))])];
}

async function removeFiles(paths: HostPaths): Promise<void> {
  // Removing files through a mount would remove what is mounted.
  const mounts = mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), paths.directory);
  for (const mount of mounts) await runChecked(['umount', '--lazy', mount]);
  await rm(paths.directory, { recursive: true, force: true });
  await rmdir(hostsDirectory()).catch(() => {});
}

/** Whether anything of the host is there. */
export async function hostExists(paths: HostPaths): Promise<boolean> {
  const present = await Promise.all(
    [paths.directory, paths.networkNamespaceFile].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return present.some(Boolean);
}
