import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { type HostHandle, type HostStep, hostDown, hostStatus, hostUp, listHosts } from '../../host';
import { hostPaths } from '../../host/paths';
import { SubletError, shortHash } from '../../lib/contract';
import { prepareImages } from '../support/images';
import { type OutputFormat, parseOptions } from './options';
import { measureRendering } from './rendering';
import { circumstances, renderReport } from './report';

const ROOT = resolve(__dirname, '../..');

/** Another checkout's benchmark may run beside this one. */
const HOST = `bench-${shortHash(ROOT, 6)}`;

/**
 * `npm run bench`: boots a host cluster of its own, measures inside of its network namespace, and takes it down, also
 * after a failure or Ctrl-C. The report goes to standard output, progress to standard error.
 */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  // Checked here as well, since a host takes its time.
  const { quick, rendering, output } = parseOptions(args);
  if (rendering) return await renderOnly(quick, output);
  await refuseSecondRun();
  const others = (await listHosts()).length;
  try {
    progress(`booting host ${HOST}`);
    const host = await hostUp({ name: HOST, audit: true, onStep: showStep, signal });
    await mustHaveNamespace(host);
    await prepareImages(host);
    signal.throwIfAborted();
    return await measure(host, [String(others), ...args], signal);
  } finally {
    progress(`taking host ${HOST} down`);
    await hostDown({ name: HOST });
  }
}

async function renderOnly(quick: boolean, output: OutputFormat): Promise<number> {
  const around = circumstances(new Date(), quick, loadavg()[0] ?? Number.NaN, (await listHosts()).length);
  const figures = await measureRendering(quick ? 3 : 9, quick ? 200 : 1000);
  process.stdout.write(renderReport(figures, around, output));
  return 0;
}

async function refuseSecondRun(): Promise<void> {
  const { state } = await hostStatus({ name: HOST });
  if (state === 'absent') return;
  throw new SubletError('HOST_SETUP', `host ${HOST} is there: a benchmark runs, or one was killed`, {
    hint: `Wait for it, or run \`sublet host down --name ${HOST}\`.`,
  });
}

/** Where the host runs in a container of Docker, its Services cannot be reached by a process of this machine. */
async function mustHaveNamespace({ name }: HostHandle): Promise<void> {
  await access(hostPaths(name).networkNamespaceFile).catch((cause: unknown) => {
    throw new SubletError('HOST_UNSUPPORTED', 'the benchmark needs an embedded host: Linux, as root', { cause });
  });
}

/** Runs the measurements to their end. @returns their exit code */
async function measure(host: HostHandle, args: readonly string[], signal: AbortSignal): Promise<number> {
  const { networkNamespaceFile, directory, cgroup } = hostPaths(host.name);
  const program = [join(ROOT, 'scripts/run-ts.cjs'), join(ROOT, 'test/bench/measure.ts'), directory, cgroup, ...args];
  const child = spawn('nsenter', [`--net=${networkNamespaceFile}`, process.execPath, ...program], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<number>((done, failed) => {
      child.once('error', failed);
      child.once('exit', (code) => done(code ?? 1));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function showStep({ name, state, detail = '' }: HostStep): void {
  if (state === 'done' || state === 'failed') progress(`  ${name}: ${state} ${detail}`.trimEnd());
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());

main(process.argv.slice(2), stop.signal).then(
  (code) => {
    process.exitCode = stop.signal.aborted ? 130 : code;
  },
  (error: unknown) => {
    const hint = error instanceof SubletError ? error.hint : undefined;
    progress([error instanceof Error ? error.message : String(error), hint].filter(Boolean).join('\n'));
    process.exitCode = stop.signal.aborted ? 130 : 1;
  },
);
