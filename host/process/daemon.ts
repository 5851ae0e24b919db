import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import type { HostPaths } from '../paths';
import { readJsonIfExists, readTextIfExists, writeFileAtomic } from './files';
import { isAlive, readProcessStat } from './proc';

/** Every process of a host carries this variable with the host's directory, so that none is lost after a crash. */
export const MARKER_VARIABLE = 'SUBLET_HOST_DIRECTORY';

const recordSchema = z.object({
  name: z.string(),
  pid: z.int(),
  startTime: z.number(),
  /** Fingerprint of the command and its files: another one asks for a restart. */
  fingerprint: z.string(),
});

/** What is known about a daemon that was started. */
export type DaemonRecord = z.infer<typeof recordSchema>;

/** A daemon to be started. */
export interface DaemonCommand {
  readonly name: string;
  readonly argv: readonly string[];
  /** Configuration files that it reads: path → content. They are written first. */
  readonly files?: { readonly [path: string]: string };
  /** @default no more than PATH, HOME and the marker */
  readonly environment?: { readonly [name: string]: string };
}

/** Writes the files that the daemon reads and starts it in the background, detached from this process. */
export async function startDaemon(paths: HostPaths, command: DaemonCommand): Promise<DaemonRecord> {
  for (const [path, content] of Object.entries(command.files ?? {})) await writeFileAtomic(path, content, 0o600);
  const [program = '', ...args] = command.argv;
  const log = await open(logFile(paths, command.name), 'a');
  try {
    const child = spawn(program, args, {
      cwd: paths.directory,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...daemonEnvironment(paths), ...command.environment },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new SubletError('HOST_SETUP', `${command.name} could not be started: ${cause.message}`, { cause })),
      );
    });
    child.unref();
    return await recordDaemon(paths, command, child.pid ?? 0);
  } finally {
    await log.close();
  }
}

/** Notes the identity of a daemon that runs. */
export async function recordDaemon(paths: HostPaths, command: DaemonCommand, pid: number): Promise<DaemonRecord> {
  const stat = await readProcessStat(pid);
  const record = { name: command.name, pid, startTime: stat?.startTime ?? 0, fingerprint: fingerprint(command) };
  await writeFileAtomic(recordFile(paths, command.name), `${JSON.stringify(record)}\n`);
  return record;
}

/** The record of a daemon that was started under this name, whether it lives or not. */
export async function readDaemon(paths: HostPaths, name: string): Promise<DaemonRecord | undefined> {
  const parsed = recordSchema.safeParse(await readJsonIfExists(recordFile(paths, name)));
  return parsed.success ? parsed.data : undefined;
}

/** The records of all daemons of a host. */
export async function listDaemons(paths: HostPaths): Promise<DaemonRecord[]> {
  const files = await readdir(paths.processes).catch(() => []);
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const records = await Promise.all(names.sort().map((name) => readDaemon(paths, name)));
  return records.filter((record) => record !== undefined);
}

/** Whether the daemon runs, with this very command and these files. */
export async function isRunningAs(paths: HostPaths, command: DaemonCommand): Promise<boolean> {
  const record = await readDaemon(paths, command.name);
  if (record === undefined || record.fingerprint !== fingerprint(command)) return false;
  return isAlive(record.pid, record.startTime);
}

/** Forgets a daemon that has ended. */
export async function forgetDaemon(paths: HostPaths, name: string): Promise<void> {
  await rm(recordFile(paths, name), { force: true });
}

/** Path of the log that a daemon appends to. */
export function logFile(paths: HostPaths, name: string): string {
  return join(paths.logs, `${name}.log`);
}

/** The last lines of a daemon's log, for error messages. */
export async function logTail(paths: HostPaths, name: string, lines = 12): Promise<string> {
  const text = (await readTextIfExists(logFile(paths, name))) ?? '';
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Proxies, tokens and other things in the user's environment are none of the daemons' business. */
export function daemonEnvironment(paths: HostPaths): { [name: string]: string } {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: paths.directory,
    [MARKER_VARIABLE]: paths.directory,
  };
}

function fingerprint(command: DaemonCommand): string {
  const identity = JSON.stringify([command.argv, command.files ?? {}, command.environment ?? {}]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

function recordFile(paths: HostPaths, name: string): string {
  return join(paths.processes, `${name}.json`);
}
