import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
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
}

/**
 * Does something while holding a lock file. The lock of a process that died is taken over.
 * @throws SubletError `HOST_SETUP` when a living process keeps it too long
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  let owner: Owner | undefined;
  await waitFor(
    async () => {
      owner = await tryLock(file);
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
  const self = await readProcessStat(process.pid);
  if (self === undefined) throw new SubletError('HOST_UNSUPPORTED', '/proc is not readable');
  // A link appears with its content, so nobody ever reads a lock without an owner.
  const own = `${file}.${randomBytes(4).toString('hex')}.new`;
  await writeFile(own, JSON.stringify({ pid: self.pid, startTime: self.startTime }));
  try {
    await link(own, file);
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(own, { force: true });
  }
  const owner = await readOwner(file);
  if (owner !== undefined && (await isAlive(owner.pid, owner.startTime))) return owner;
  await breakLock(file, owner);
  return owner ?? { pid: 0, startTime: 0 };
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
