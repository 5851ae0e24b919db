import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { hasCode } from './error-code';
import { isAlive, readProcessStat } from './proc';
import { waitFor } from './wait';

const ownerSchema = z.object({ pid: z.int(), startTime: z.number() });
type Owner = z.infer<typeof ownerSchema>;

/** How a lock is taken. */
export interface LockOptions {
  /** What is locked, for the error message. */
  readonly what: string;
  /** How long to wait for a living owner. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the pid of the owner, when the lock is not free at once. */
  readonly onWait?: (pid: number) => void;
}

/**
 * Does something while holding a lock file. The lock of a process that died is taken over.
 * @throws SubletError `HOST_SETUP` when a living process keeps it too long
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  let owner: Owner | undefined;
  await waitFor(
    async () => {
      const first = owner === undefined;
      owner = await tryLock(file);
      if (first && owner !== undefined) options.onWait?.(owner.pid);
      return owner === undefined ? true : undefined;
    },
    {
      what: `${options.what} is free`,
      timeoutMs: options.timeoutMs,
      intervalMs: 200,
      signal: options.signal,
      explain: async () => `process ${owner?.pid ?? 'unknown'} is working on it (${file})`,
    },
  );
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes the lock, or tells its living owner. */
async function tryLock(file: string): Promise<Owner | undefined> {
  await mkdir(dirname(file), { recursive: true });
  const startTime = (await readProcessStat(process.pid))?.startTime ?? 0;
  // A link appears with its content, so nobody ever reads a lock without an owner.
  const own = `${file}.${randomBytes(4).toString('hex')}.new`;
  try {
    await writeFile(own, JSON.stringify({ pid: process.pid, startTime }));
    await link(own, file);
    return undefined;
  } catch (error) {
    // The directory was empty for a moment, and somebody who was done with it removed it.
    if (hasCode(error, 'ENOENT')) return tryLock(file);
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(own, { force: true });
  }
  const owner = await readOwner(file);
  if (owner !== undefined && (await lives(owner))) return owner;
  await breakLock(file, owner);
  return tryLock(file);
}

/** Without /proc the pid alone must do. */
async function lives(owner: Owner): Promise<boolean> {
  if (owner.startTime !== 0) return isAlive(owner.pid, owner.startTime);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Removes a dead owner's lock, but not the one that somebody else took over in the meantime. */
async function breakLock(file: string, dead: Owner | undefined): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString('hex')}.old`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readOwner(aside);
  const same = moved?.pid === dead?.pid && moved?.startTime === dead?.startTime;
  if (same) await rm(aside, { force: true });
  else await rename(aside, file);
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
