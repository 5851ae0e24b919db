import { dirname, join } from 'node:path';
import { runShell } from './shell';
import type { Surroundings } from './surroundings';

/** The bundle lies in dist/cli; run from source this file lies in cli. Both are below the package's folder. */
const packageRoot = __filename.endsWith('.ts') ? dirname(__dirname) : dirname(dirname(__dirname));

async function main(): Promise<void> {
  const stop = new AbortController();
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      asked += 1;
      stop.abort(new Error(signal));
      // Who asks a third time wants out at once, whatever stays behind.
      if (asked >= 3) process.exit(130);
    });
  }
  const surroundings: Surroundings = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    stdinIsTty: process.stdin.isTTY === true,
    env: process.env,
    signal: stop.signal,
    now: Date.now,
    selfCommand: selfCommand(),
    packageRoot,
    version: process.env.SUBLET_VERSION ?? '0.0.0',
  };
  const code = await runShell(process.argv.slice(2), surroundings);
  // Output into a pipe is not written through yet: leave by emptying, not by exiting.
  process.exitCode = code;
  process.stdin.unref?.();
}

function selfCommand(): readonly [string, ...string[]] {
  const script = process.argv[1] ?? __filename;
  if (!script.endsWith('.ts')) return [process.execPath, script];
  return [process.execPath, join(packageRoot, 'scripts', 'run-ts.cjs'), script];
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads us (head, less) has seen enough.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
main();
