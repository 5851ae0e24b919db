import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dependencies, peerDependencies } from '../../package.json';

const ROOT = join(__dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
const run = promisify(execFile);

/** The package as npm would publish it, unpacked. */
export interface Packed extends AsyncDisposable {
  /** Folder of the unpacked package. */
  readonly folder: string;
  /** Its files, sorted. */
  readonly files: readonly string[];
}

/** What a program did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project of somebody who installed the package, with nothing of this repository but what npm would install. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  /** Removes a file or folder, if it is there. */
  remove(file: string): Promise<void>;
  /** Runs Node. */
  node(...argv: readonly string[]): Promise<Ran>;
  /** Runs the compiler. */
  tsc(...argv: readonly string[]): Promise<Ran>;
}

/** Packs what is built. */
export async function pack(): Promise<Packed> {
  if (!existsSync(join(ROOT, 'dist/lib/index.js'))) throw new Error('nothing is built: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'sublet-packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    // npm writes a log into its cache even when it is asked for nothing from outside.
    env: { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' },
  });
  const [packed]: readonly { readonly filename: string; readonly files: readonly { readonly path: string }[] }[] =
    JSON.parse(stdout);
  if (packed === undefined) throw new Error('npm packed nothing');
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  return {
    folder: join(folder, 'package'),
    files: packed.files.map(({ path }) => path).sort(),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Makes an empty project in which the packed package is installed with its dependencies and, if wanted, its peers. */
export async function installed(packed: Packed, withPeers = true): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-project-'));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await run('cp', ['-r', packed.folder, join(modules, 'sublet')]);
  const names = [...Object.keys(dependencies), ...(withPeers ? [...Object.keys(peerDependencies), '@types/node'] : [])];
  for (const name of names) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(MODULES, name), join(modules, name));
  }
  const inFolder = async (file: string, argv: readonly string[]): Promise<Ran> => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } };
    return run(file, [...argv], options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }) => ({ code: Number(code), out: String(stdout), err: String(stderr) }),
    );
  };
  return {
    folder,
    write: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    read: (file) => readFile(join(folder, file), 'utf8'),
    remove: (file) => rm(join(folder, file), { recursive: true, force: true }),
    node: (...argv) => inFolder(process.execPath, argv),
    tsc: (...argv) => inFolder(process.execPath, [join(MODULES, 'typescript/bin/tsc'), ...argv]),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
