import { createHash } from 'node:crypto';
import { access, lstat, mkdir, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../binaries/ensure';
import { mountsBelow } from '../node/mounts';
import { cacheDirectory } from '../paths';
import { runChecked, runCommand } from '../process/command';
import { withLock } from '../process/lock';
import type { StepReporter } from '../steps';
import type { RootfsEntry } from './rootfs';

/** What a root file system of Debian shall hold. */
export interface DebianRootOptions {
  /** Becomes part of the name of its folder. */
  readonly name: string;
  /** Packages beside those that every Debian has. */
  readonly packages: readonly string[];
}

/** Fixed, so that a root is the same whatever Debian this machine runs. */
const SUITE = 'bookworm';
const TIMEOUT_MS = 20 * 60_000;
/** Nothing that runs needs these. */
const DROPPED = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'];
/** A container gets these from its runtime. */
const EMPTIED = new Set(['dev', 'proc', 'sys']);

/**
 * A root file system of Debian with these packages, made with debootstrap(8) unless the cache has it.
 * @returns its folder
 * @throws SubletError `HOST_SETUP` without debootstrap or a mirror; `INTERRUPTED`
 */
export async function ensureDebianRoot(
  options: DebianRootOptions,
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<string> {
  const roots = join(cacheDirectory(), 'roots');
  const key = createHash('sha256')
    .update(JSON.stringify([SUITE, options.packages]))
    .digest('hex')
    .slice(0, 12);
  const directory = join(roots, `${options.name}-${key}`);
  await mkdir(roots, { recursive: true });
  const lock = { what: 'the cache of root file systems', timeoutMs: TIMEOUT_MS, signal };
  await withLock(join(roots, 'lock'), lock, async () => {
    if (await exists(directory)) return;
    if (!(await hasDebootstrap())) await installPackages(['debootstrap'], 'making images from Debian', steps);
    await steps.run(`make a Debian root with ${options.packages.join(', ')}`, () =>
      bootstrap(options.packages, directory, signal),
    );
  });
  return directory;
}

/** All of a folder as entries of an image's root file system. Devices and sockets are left out. */
export async function directoryEntries(root: string, below = ''): Promise<RootfsEntry[]> {
  const entries: RootfsEntry[] = [];
  for (const name of (await readdir(join(root, below))).sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    const source = join(root, path);
    const found = await lstat(source);
    const mode = found.mode & 0o7777;
    if (found.isSymbolicLink()) entries.push({ kind: 'symlink', path, target: await readlink(source) });
    else if (found.isFile()) entries.push({ kind: 'file', path, source, mode });
    else if (found.isDirectory()) {
      entries.push({ kind: 'directory', path, mode });
      if (!EMPTIED.has(path)) entries.push(...(await directoryEntries(root, path)));
    }
  }
  return entries;
}

async function bootstrap(packages: readonly string[], directory: string, signal?: AbortSignal): Promise<void> {
  const work = `${directory}.tmp`;
  const control = { timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
  // An earlier attempt may have been killed.
  await removeWork(work);
  try {
    await runChecked(['debootstrap', '--variant=minbase', `--include=${packages.join(',')}`, SUITE, work], control);
    for (const path of DROPPED) await rm(join(work, path), { recursive: true, force: true });
    await rename(work, directory);
  } finally {
    await removeWork(work);
  }
}

/** debootstrap mounts /proc: removing files through a mount would remove what is mounted. */
async function removeWork(work: string): Promise<void> {
  for (const mount of mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), work)) {
    await runChecked(['umount', '--lazy', mount]);
  }
  await rm(work, { recursive: true, force: true });
}

async function hasDebootstrap(): Promise<boolean> {
  const found = await runCommand(['debootstrap', '--version']).catch(() => undefined);
  return found?.code === 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
