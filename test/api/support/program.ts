import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program that runs for a test. */
export interface RunningProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Waits for its end. Throws with what it said when it failed. */
  ended(): Promise<void>;
}

/** Starts a program with pipes to it. */
export function startProgram(words: readonly string[], env: { readonly [name: string]: string }): RunningProgram {
  const [command = '', ...args] = words;
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    async ended() {
      const code = await exit;
      if (code !== 0) throw new Error(`${args.slice(-3).join(' ')} ended with ${code}: ${said}`);
    },
  };
}
