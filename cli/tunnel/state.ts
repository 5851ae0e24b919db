import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { shortHash } from '../../lib/contract';

const stateSchema = z.object({
  version: z.literal(1),
  /** The virtual cluster's name and its host namespace. */
  cluster: z.string(),
  namespace: z.string(),
  /** The host's API server, by its address and by the kubeconfig context that leads to it. */
  hostServer: z.string(),
  hostContext: z.string(),
  pid: z.int(),
  /** On 127.0.0.1. */
  port: z.int(),
  startedAt: z.string(),
  log: z.string(),
});

/** What a background tunnel writes down about itself. Whether it still runs, only its control socket tells. */
export type TunnelState = z.infer<typeof stateSchema>;

/** Which virtual cluster a tunnel leads to. */
export type TunnelTarget = Pick<TunnelState, 'cluster' | 'namespace' | 'hostServer'>;

/** The files of one tunnel. */
export interface TunnelFiles {
  readonly state: string;
  readonly socket: string;
  readonly log: string;
}

/** Where tunnels keep their files: `$XDG_STATE_HOME/sublet/tunnels`. */
export function tunnelDirectory(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_STATE_HOME || join(env.HOME ?? homedir(), '.local', 'state');
  return join(base, 'sublet', 'tunnels');
}

/** The files of the tunnel to a virtual cluster. Their names are hashes, as a socket's path has room for little more. */
export function tunnelFiles(directory: string, target: TunnelTarget): TunnelFiles {
  const key = shortHash([target.hostServer, target.namespace, target.cluster].join('\n'), 16);
  return filesOf(directory, key);
}

/** Writes a tunnel's state, readable by its user only. */
export async function writeTunnelState(file: string, state: TunnelState): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** A tunnel's state, or `undefined` where there is none that can be read. */
export async function readTunnelState(file: string): Promise<TunnelState | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** All tunnels that left a state, each with its files. */
export async function listTunnels(
  directory: string,
): Promise<readonly { readonly state: TunnelState; readonly files: TunnelFiles }[]> {
  const names = await readdir(directory).catch(() => []);
  const keys = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const states = await Promise.all(
    keys.map(async (key) => {
      const files = filesOf(directory, key);
      const state = await readTunnelState(files.state);
      return state === undefined ? [] : [{ state, files }];
    }),
  );
  return states.flat();
}

/** Makes the folder for tunnels. */
export async function ensureTunnelDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

/** Removes what a tunnel that has ended left. */
export async function removeTunnelFiles(files: TunnelFiles, which: 'all' | 'keep-log' = 'all'): Promise<void> {
  const gone = [files.state, files.socket, ...(which === 'all' ? [files.log] : [])];
  await Promise.all(gone.map((file) => rm(file, { force: true })));
}

function filesOf(directory: string, key: string): TunnelFiles {
  return {
    state: join(directory, `${key}.json`),
    socket: join(directory, `${key}.sock`),
    log: join(directory, `${key}.log`),
  };
}
