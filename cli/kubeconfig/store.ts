import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';
import { editKubeconfig, type KubeconfigEdit } from './edit';

const LOCK_WAIT_MS = 5000;
const LOCK_RETRY_MS = 50;

/**
 * Changes a kubeconfig file as a whole or not at all: under kubectl's own lock (`<file>.lock`), by a new file that takes
 * the old one's place. Its mode is kept, a new file gets 0600, a symbolic link stays one.
 * @param lockWaitMs how long to wait for another program to release the lock
 * @returns whether the file's text changed
 * @throws SubletError `USAGE` when it stays locked or can't be written
 */
export async function changeKubeconfig(
  file: string,
  edits: readonly KubeconfigEdit[],
  lockWaitMs = LOCK_WAIT_MS,
): Promise<boolean> {
  const target = await realpath(file).catch(() => file);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const unlock = await lock(target, lockWaitMs);
  try {
    const before = await readIfThere(target);
    const after = editKubeconfig(before?.text ?? '', edits);
    if (after === before?.text) return false;
    await replace(target, after, before?.mode ?? 0o600);
    return true;
  } catch (cause) {
    if (cause instanceof SubletError) throw cause;
    throw new SubletError('USAGE', `kubeconfig ${file} can't be changed`, { cause });
  } finally {
    await unlock();
  }
}

async function readIfThere(file: string): Promise<{ readonly text: string; readonly mode: number } | undefined> {
  try {
    const { mode } = await stat(file);
    return { text: await readFile(file, 'utf8'), mode: mode & 0o777 };
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await chmod(draft, mode);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function lock(file: string, waitMs: number): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  for (let waited = 0; ; waited += LOCK_RETRY_MS) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) throw new SubletError('USAGE', `kubeconfig ${file} can't be changed`, { cause });
      if (waited >= waitMs) {
        throw new SubletError('USAGE', `kubeconfig ${file} is locked by another program`, {
          hint: `if none is running, remove ${path}`,
        });
      }
      await sleep(LOCK_RETRY_MS);
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
