import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import { askTunnel } from './control';
import { ensureTunnelDirectory, listTunnels, removeTunnelFiles, type TunnelTarget, tunnelFiles } from './state';

const START_TIMEOUT_MS = 15_000;

const messageSchema = z.union([z.object({ port: z.int() }), z.object({ error: z.string() })]);

/** What a tunnel process tells the command that started it. */
export type TunnelMessage = z.infer<typeof messageSchema>;

/** How a background tunnel is started. */
export interface StartOptions {
  readonly directory: string;
  readonly target: TunnelTarget;
  /** Program and arguments of the tunnel process. */
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}

/** A tunnel that runs. */
export interface RunningTunnel {
  readonly port: number;
  /** Whether it ran before. */
  readonly reused: boolean;
}

/**
 * The tunnel to a virtual cluster: the one that runs, else a new process of its own that outlives this one.
 * @throws SubletError `API_UNREACHABLE` with its log's place when it does not start
 */
export async function ensureTunnel(options: StartOptions): Promise<RunningTunnel> {
  const files = tunnelFiles(options.directory, options.target);
  const running = await askTunnel(files.socket, 'status');
  if (running !== undefined && running.port > 0) return { port: running.port, reused: true };
  await ensureTunnelDirectory(options.directory);
  const port = await start(options, files.log);
  return { port, reused: false };
}

/** The port of the tunnel to a virtual cluster, if one runs. */
export async function findTunnel(directory: string, target: TunnelTarget): Promise<number | undefined> {
  return (await askTunnel(tunnelFiles(directory, target).socket, 'status'))?.port;
}

/**
 * Stops the tunnels that `matches` picks and waits until they have ended.
 * @returns how many ran
 */
export async function stopTunnels(directory: string, matches: (target: TunnelTarget) => boolean): Promise<number> {
  let stopped = 0;
  for (const { state, files } of await listTunnels(directory)) {
    if (!matches(state)) continue;
    const answered = await askTunnel(files.socket, 'stop');
    if (answered === undefined) {
      await removeTunnelFiles(files);
      continue;
    }
    stopped += 1;
    while ((await askTunnel(files.socket, 'status')) !== undefined) await new Promise((next) => setTimeout(next, 20));
  }
  return stopped;
}

async function start(options: StartOptions, logFile: string): Promise<number> {
  const log = await open(logFile, 'a', 0o600);
  try {
    const [program, ...args] = options.command;
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: options.env,
    });
    const failure = (why: string): SubletError =>
      new SubletError('API_UNREACHABLE', `the port-forward did not start: ${why}`, { hint: `its log: ${logFile}` });
    return await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill();
        reject(failure(`no answer within ${START_TIMEOUT_MS / 1000} s`));
      }, START_TIMEOUT_MS);
      child.once('error', (cause) => reject(failure(cause.message)));
      child.once('exit', (code) => reject(failure(`it ended with exit code ${code}`)));
      child.once('message', (message) => {
        const parsed = messageSchema.safeParse(message);
        if (parsed.data !== undefined && 'port' in parsed.data) resolve(parsed.data.port);
        else reject(failure(parsed.data?.error ?? 'it said something unknown'));
      });
      child.once('message', () => clearTimeout(timer));
      child.once('exit', () => clearTimeout(timer));
    }).finally(() => {
      child.removeAllListeners();
      if (child.connected) child.disconnect();
      child.unref();
    });
  } finally {
    await log.close();
  }
}
