import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type HostHandle, type HostStep, hostDown, hostStatus, hostUp } from '../../host';
import { ensureBinaries } from '../../host/binaries/ensure';
import { e2eTool, ginkgoTool } from '../../host/binaries/tools';
import { ensureImages } from '../../host/images/catalog';
import { e2eImages } from '../../host/images/e2e-images';
import { loadLayouts } from '../../host/images/load-layouts';
import { hostPaths } from '../../host/paths';
import { stepReporter } from '../../host/steps';
import { SubletError, shortHash } from '../../lib/contract';
import { prepareImages } from '../support/images';
import { controlCluster, insideCluster } from './clusters';
import { type ConformanceOptions, type Place, parseOptions } from './options';
import { writeReport } from './report';
import { runPlace } from './run';

const ROOT = resolve(__dirname, '../..');

/** Another checkout's run may go on beside this one. */
const HOST = `conformance-${shortHash(ROOT, 6)}`;

/**
 * `npm run conformance`: boots a host cluster of its own, runs Kubernetes' conformance specs on it and in a virtual
 * cluster, and takes it down, also after a failure or Ctrl-C. The table goes to standard output and to the folder of
 * results, progress to standard error.
 */
async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = parseOptions(args);
  if (!options.keepHost) await refuseSecondRun();
  await ensureBinaries([ginkgoTool(), e2eTool()], stepReporter(showStep), signal);
  try {
    const host = await bootHost(signal);
    for (const place of options.places) await tryPlace(place, host, options, signal);
  } finally {
    if (!options.keepHost) {
      progress(`taking host ${HOST} down`);
      await hostDown({ name: HOST });
    }
  }
  process.stdout.write(await writeReport(options.out));
}

async function bootHost(signal: AbortSignal): Promise<HostHandle> {
  progress(`booting host ${HOST}`);
  const host = await hostUp({ name: HOST, onStep: showStep, signal });
  await mustHaveNamespace(host);
  const layouts = await ensureImages(await e2eImages(stepReporter(showStep), signal));
  await stepReporter(showStep).run('load the images of the specs', () => loadLayouts(host, layouts, signal));
  await prepareImages(host);
  signal.throwIfAborted();
  return host;
}

async function tryPlace(
  place: Place,
  host: HostHandle,
  options: ConformanceOptions,
  signal: AbortSignal,
): Promise<void> {
  const paths = hostPaths(host.name);
  progress(place === 'control' ? 'running specs on the bare host' : 'creating a virtual cluster');
  const cluster = place === 'control' ? controlCluster(paths) : await insideCluster(host);
  try {
    if (place === 'inside') progress('running specs in the virtual cluster');
    await runPlace({ place, paths, kubeconfig: cluster.kubeconfig, options, onProgress: progress, signal });
  } finally {
    await cluster.close();
  }
}

async function refuseSecondRun(): Promise<void> {
  const { state } = await hostStatus({ name: HOST });
  if (state === 'absent') return;
  throw new SubletError('HOST_SETUP', `host ${HOST} is there: specs are running, or were kept or killed`, {
    hint: `Wait, use it with --keep-host, or run \`sublet host down --name ${HOST}\`.`,
  });
}

/** Where the host runs in a container of Docker, its Services cannot be reached by a process of this machine. */
async function mustHaveNamespace({ name }: HostHandle): Promise<void> {
  await access(hostPaths(name).networkNamespaceFile).catch((cause: unknown) => {
    throw new SubletError('HOST_UNSUPPORTED', 'the conformance specs need an embedded host: Linux, as root', { cause });
  });
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
  () => {
    process.exitCode = stop.signal.aborted ? 130 : 0;
  },
  (error: unknown) => {
    const hint = error instanceof SubletError ? error.hint : undefined;
    progress([error instanceof Error ? error.message : String(error), hint].filter(Boolean).join('\n'));
    process.exitCode = stop.signal.aborted ? 130 : 1;
  },
);
