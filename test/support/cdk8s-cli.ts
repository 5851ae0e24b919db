import { access, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../host/paths';
import { withLock } from '../../host/process/lock';
import { output } from './command';

/** 90 MB with its generators for other languages, so that `npm ci` would bring it to those who need none of it. */
const VERSION = '2.207.4';
const FOLDER = join('npm', `cdk8s-cli-${VERSION}`);

/**
 * Gets cdk8s' own command from npm's registry, once a user. None of its packages runs a script.
 * @returns the program's path, for Node to run
 */
export async function cdk8sCli(): Promise<string> {
  const folder = join(cacheDirectory(), FOLDER);
  if (!(await exists(folder))) {
    const lock = { what: 'the cache of npm packages', timeoutMs: 10 * 60_000 };
    await withLock(`${folder}.lock`, lock, async () => {
      if (!(await exists(folder))) await install(folder);
    });
  }
  return join(folder, 'node_modules/cdk8s-cli/bin/cdk8s');
}

/** The folder has its name only once it is complete. */
async function install(folder: string): Promise<void> {
  const fresh = await mkdtemp(`${folder}.new-`);
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error'];
    await output('npm', ['install', '--prefix', fresh, ...options, `cdk8s-cli@${VERSION}`], { timeoutMs: 5 * 60_000 });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
