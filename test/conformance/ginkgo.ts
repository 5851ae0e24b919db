import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { binaryPath } from '../../host/binaries/cache';
import { e2eTool, ginkgoTool } from '../../host/binaries/tools';
import { inNetwork } from '../../host/network/namespace';
import type { HostPaths } from '../../host/paths';
import { SubletError } from '../../lib/contract';
import { watchProgress } from './progress';
import { EXCLUDED } from './results';

/** One start of Kubernetes' end-to-end program. */
export interface GinkgoRun {
  /** The host in whose network namespace it runs. */
  readonly paths: HostPaths;
  /** Of the cluster that is tried, as it is reached from that namespace. */
  readonly kubeconfig: string;
  /** Expressions of Go; a spec is chosen that matches one of them. */
  readonly focus: readonly string[];
  readonly procs: number;
  readonly limitMinutes: number;
  /** Folder for its log and report. */
  readonly directory: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Ginkgo ends by itself at its limit, after it has cleaned up; beyond this it is killed. */
const GRACE_MS = 10 * 60_000;

/**
 * Runs specs to their end, or to the limit, in the network namespace of the host: pods, Services and node ports are
 * reached from there.
 * @returns Ginkgo's report
 * @throws SubletError `HOST_SETUP` when there is no report; `INTERRUPTED` on the signal
 */
export async function runGinkgo(run: GinkgoRun): Promise<unknown> {
  await mkdir(run.directory, { recursive: true });
  const [program = '', ...args] = [...inNetwork(run.paths), ...command(run)];
  // A process group of its own, so that its children end with it.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${kubectlDirectory()}:${process.env.PATH ?? ''}` },
  });
  const log = createWriteStream(join(run.directory, 'log.txt'));
  const progress = watchProgress(run.onProgress);
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    stream.setEncoding('utf8').on('data', progress.read);
  }
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const deadline = setTimeout(kill, run.limitMinutes * 60_000 + GRACE_MS);
  run.signal.addEventListener('abort', kill, { once: true });
  try {
    await new Promise<void>((done, failed) => {
      child.once('error', failed);
      // The exit code tells that specs failed, which the report tells better.
      child.once('close', () => done());
    });
  } finally {
    clearTimeout(deadline);
    run.signal.removeEventListener('abort', kill);
    progress.stop();
    log.end();
  }
  if (run.signal.aborted) throw new SubletError('INTERRUPTED', 'the conformance run was stopped');
  return readResult(run.directory);
}

function command(run: GinkgoRun): string[] {
  return [
    binaryPath(ginkgoTool(), 'ginkgo'),
    `--procs=${run.procs}`,
    ...run.focus.map((expression) => `--focus=${expression}`),
    '--label-filter=Conformance',
    `--skip=${EXCLUDED.source}`,
    `--timeout=${run.limitMinutes}m`,
    `--output-dir=${run.directory}`,
    '--json-report=report.json',
    '--silence-skips',
    '--no-color',
    binaryPath(e2eTool(), 'e2e.test'),
    '--',
    `--kubeconfig=${run.kubeconfig}`,
    '--provider=skeleton',
    '--num-nodes=1',
    '--allowed-not-ready-nodes=0',
    '--disable-log-dump',
    // It reads the kubelet's own metrics, and waits minutes where nobody may.
    '--dump-logs-on-failure=false',
    '--dns-domain=cluster.local',
  ];
}

async function readResult(directory: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'));
  } catch (cause) {
    throw new SubletError('HOST_SETUP', 'the conformance program left no report', {
      cause,
      hint: `Its log is ${join(directory, 'log.txt')}.`,
    });
  }
}
