import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SubletError } from '../../lib/contract';

/**
 * Runs a program with a kubeconfig of its own, which is gone afterwards.
 * @returns its exit code, 128 + n where signal n ended it
 * @throws SubletError `USAGE` where it can't be started
 */
export async function runWithKubeconfig(
  words: readonly string[],
  kubeconfig: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'sublet-'));
  try {
    const file = join(directory, 'kubeconfig');
    await writeFile(file, kubeconfig, { mode: 0o600 });
    return await run(words, { ...env, KUBECONFIG: file });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function run([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    child.once('error', (cause) =>
      reject(new SubletError('USAGE', `can't run ${program}: ${cause.message}`, { cause })),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
