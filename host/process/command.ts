import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SubletError } from '../../lib/contract';
import type { CommandResult } from '../types';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment. @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for standard input, or a file descriptor that becomes it. @default nothing */
  readonly stdin?: string | number;
  /** The command is killed after so many milliseconds. @default 60000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command to its end and collects what it prints. A failure is told by the exit code.
 * @throws SubletError `HOST_SETUP` when it cannot be started or takes too long; `INTERRUPTED` on the signal
 */
export function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = command;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  return new Promise((resolve, reject) => {
    const text = typeof options.stdin === 'string' ? options.stdin : undefined;
    const input = text !== undefined ? 'pipe' : typeof options.stdin === 'number' ? options.stdin : 'ignore';
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: [input, 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      signal,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A command that ends before it has read its input is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
    child.on('error', (cause) => reject(startFailure(program, cause, options, timeout)));
    child.on('close', (code, killedBy) => {
      resolve({
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
        code: code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy]),
      });
    });
  });
}

/**
 * As {@link runCommand}, for commands that must succeed.
 * @returns what it printed on standard output
 * @throws SubletError `HOST_SETUP` with the end of what it printed, when its exit code is not 0
 */
export async function runChecked(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { stdout, stderr, code } = await runCommand(command, options);
  if (code === 0) return stdout;
  const tail = `${stdout}\n${stderr}`.trim().slice(-2000);
  throw new SubletError('HOST_SETUP', `${command.slice(0, 4).join(' ')} … ended with ${code}: ${tail}`);
}

function startFailure(program: string, cause: Error, options: CommandOptions, timeout: AbortSignal): SubletError {
  if (options.signal?.aborted) return new SubletError('INTERRUPTED', `${program} was stopped`, { cause });
  if (timeout.aborted) return new SubletError('HOST_SETUP', `${program} took too long and was ended`, { cause });
  return new SubletError('HOST_SETUP', `${program} could not be started: ${cause.message}`, { cause });
}
