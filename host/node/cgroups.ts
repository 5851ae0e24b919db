import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../process/error-code';

/** Where a cgroup hierarchy is mounted, and of which version it is. */
export interface CgroupMount {
  readonly path: string;
  readonly version: 1 | 2;
}

/** Mount points of the cgroup hierarchies in a `/proc/self/mounts`: several with version 1, one with version 2. */
export function parseCgroupMounts(mounts: string): CgroupMount[] {
  return mounts.split('\n').flatMap((line): CgroupMount[] => {
    const [, path = '', type] = line.split(' ');
    if (type === 'cgroup') return [{ path, version: 1 }];
    if (type === 'cgroup2') return [{ path, version: 2 }];
    return [];
  });
}

/** Makes the host's cgroup in every hierarchy, so that the kubelet finds its root there. */
export async function ensureCgroups(cgroup: string): Promise<void> {
  for (const { path, version } of await cgroupMounts()) {
    const directory = join(path, cgroup);
    if (version === 2) await delegateControllers(path);
    await mkdir(directory, { recursive: true });
    // A new cpuset of version 1 has neither processors nor memory, and takes no process.
    for (const file of ['cpuset.cpus', 'cpuset.mems'])
      await copyIfEmpty(join(path, file), join(directory, file), version);
  }
}

/** The pids of all processes in the host's cgroups: those of the containers. */
export async function cgroupProcesses(cgroup: string): Promise<number[]> {
  const pids = new Set<number>();
  for (const { path } of await cgroupMounts()) {
    for (const directory of await descendants(join(path, cgroup))) {
      const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const line of text.split('\n')) if (line !== '' && line !== '0') pids.add(Number(line));
    }
  }
  return [...pids];
}

/** Removes the host's cgroups, which must be empty of processes. */
export async function removeCgroups(cgroup: string): Promise<void> {
  for (const { path } of await cgroupMounts()) {
    const directories = await descendants(join(path, cgroup));
    for (const directory of directories.reverse()) await removeBusy(directory);
  }
}

/** The directories of the host's cgroups that exist. */
export async function existingCgroups(cgroup: string): Promise<string[]> {
  const found = await Promise.all((await cgroupMounts()).map(({ path }) => descendants(join(path, cgroup))));
  return found.flat();
}

async function cgroupMounts(): Promise<CgroupMount[]> {
  return parseCgroupMounts(await readFile('/proc/self/mounts', 'utf8'));
}

/** A directory and all below it, parents before children. */
async function descendants(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const children = entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  return [directory, ...(await Promise.all(children.map(descendants))).flat()];
}

/** A cgroup stays busy for a moment after its last process has ended. */
async function removeBusy(directory: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      if (!hasCode(error, 'EBUSY') || attempt >= 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Version 2 gives a child only the controllers that its parent passes on. */
async function delegateControllers(mount: string): Promise<void> {
  const available = await readFile(join(mount, 'cgroup.controllers'), 'utf8').catch(() => '');
  for (const controller of available.trim().split(/\s+/).filter(Boolean)) {
    await writeFile(join(mount, 'cgroup.subtree_control'), `+${controller}`).catch(() => {});
  }
}

async function copyIfEmpty(from: string, to: string, version: 1 | 2): Promise<void> {
  if (version === 2) return;
  const value = await readFile(from, 'utf8').catch(() => undefined);
  const current = await readFile(to, 'utf8').catch(() => undefined);
  if (value !== undefined && current !== undefined && current.trim() === '') await writeFile(to, value.trim());
}
