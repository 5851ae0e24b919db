import { mkdir } from 'node:fs/promises';
import { SubletError } from '../../lib/contract';
import type { HostApi } from '../access/api-client';
import { ensureBinaries } from '../binaries/ensure';
import { controlPlaneTool } from '../binaries/tools';
import { KUBERNETES_VERSIONS, NEWEST_KUBERNETES } from '../binaries/versions';
import { type HostContext, toolsOf } from '../components/context';
import { dockerUp, findDockerDriver } from '../docker/host';
import { ensureBusybox } from '../images/busybox';
import { catalog, ensureImages } from '../images/catalog';
import type { ImageLayout } from '../images/layout';
import { ensurePause } from '../images/pause';
import { checkMachine, embeddingObstacle } from '../machine/requirements';
import { ensureNetworkNamespace } from '../network/namespace';
import { ensureRelay } from '../network/relay';
import { type HostPaths, hostPaths } from '../paths';
import { ensurePki, writeOutsideKubeconfig } from '../pki/host-pki';
import { withLock } from '../process/lock';
import { throwIfInterrupted } from '../process/wait';
import { type StepReporter, stepReporter } from '../steps';
import type { HostHandle, HostOptions } from '../types';
import { startApi, startControllers } from './control-plane';
import { startSimulatedNodes } from './kwok';
import { loadImages, startNode, startRuntime } from './node';
import { type HostState, hostHandle, readState, writeState } from './state';

/** A second `up` of the same host waits for the first, which may be building binaries. */
const LOCK_TIMEOUT_MS = 60 * 60_000;

/**
 * Brings an embedded host cluster up, or repairs and completes one that is there. Calling it again changes nothing.
 * @throws SubletError `HOST_UNSUPPORTED`, `HOST_SETUP`, `NAME_INVALID`, `USAGE`; `INTERRUPTED` on the signal
 */
export async function hostUp(options: HostOptions = {}): Promise<HostHandle> {
  const paths = hostPaths(options.name ?? 'default');
  const versions = checkedVersions(options.kubernetesVersions ?? []);
  checkedVersions(options.version === undefined ? [] : [options.version]);
  const steps = stepReporter(options.onStep);
  const { signal } = options;
  const lock = { what: `host ${paths.name}`, timeoutMs: LOCK_TIMEOUT_MS, signal };
  const obstacle = embeddingObstacle();
  if (obstacle !== undefined) {
    const driver = await findDockerDriver(obstacle);
    return withLock(`${paths.directory}.lock`, lock, () => dockerUp(paths, driver, options, steps));
  }
  await checkMachine(steps);
  return withLock(paths.lockFile, lock, async () => {
    const state = await plannedState(paths, options);
    const mode = state.mode;
    const version = state.version ?? NEWEST_KUBERNETES;
    const context: HostContext = { paths, mode, audit: state.audit, version };
    await ensureBinaries(
      [...toolsOf(mode, version), ...(mode === 'node' ? versions.map(controlPlaneTool) : [])],
      steps,
      signal,
    );
    const layouts = mode === 'node' ? await prepareImages(versions, steps) : [];
    throwIfInterrupted(signal);
    const port = await prepareMachine(paths, state, steps);
    throwIfInterrupted(signal);
    const [api, holder] = await bothOrNeither(
      startApi(context, port, steps, signal),
      mode === 'node' ? startRuntime(context, layouts, steps, signal) : Promise.resolve(0),
    );
    try {
      await startWorkers(context, options, { api, holder, layouts, steps });
    } finally {
      api.close();
    }
    return hostHandle(paths, state);
  });
}

interface Started {
  readonly api: HostApi;
  readonly holder: number;
  readonly layouts: readonly ImageLayout[];
  readonly steps: StepReporter;
}

async function startWorkers(context: HostContext, options: HostOptions, started: Started): Promise<void> {
  const { api, holder, layouts, steps } = started;
  const { signal } = options;
  const controllers = startControllers(context, api, steps, signal);
  if (context.mode === 'kwok') {
    await bothOrNeither(controllers, startSimulatedNodes(context, api, options.nodes ?? 10, steps, signal));
    return;
  }
  await bothOrNeither(controllers, startNode(context, holder, api, steps, signal));
  await loadImages(context, holder, layouts, steps, signal);
}

/** Certificates, network namespace and relay: what all daemons need. @returns the port of the API server outside */
async function prepareMachine(paths: HostPaths, state: HostState, steps: StepReporter): Promise<number> {
  return steps.run('prepare network and certificates', async () => {
    for (const directory of [paths.logs, paths.processes, paths.volumes, paths.registry, paths.nodeVar]) {
      await mkdir(directory, { recursive: true });
    }
    await writeState(paths, state);
    await ensurePki(paths);
    await ensureNetworkNamespace(paths);
    const port = await ensureRelay(paths, state.port);
    await writeState(paths, { ...state, port });
    await writeOutsideKubeconfig(paths, port);
    return port;
  });
}

async function prepareImages(versions: readonly string[], steps: StepReporter): Promise<readonly ImageLayout[]> {
  return steps.run('prepare images', async () => {
    const pause = await ensurePause(steps);
    const busybox = await ensureBusybox(steps);
    return ensureImages(catalog({ pause, busybox, kubernetesVersions: versions }));
  });
}

/** A host that is there keeps its mode; the audit log, once on, stays on. */
async function plannedState(paths: HostPaths, options: HostOptions): Promise<HostState> {
  const earlier = await readState(paths);
  const mode = options.mode ?? earlier?.mode ?? 'node';
  if (earlier !== undefined && earlier.mode !== mode) {
    throw new SubletError('HOST_SETUP', `host ${paths.name} exists with mode ${earlier.mode}`, {
      hint: `Run \`sublet host down --name ${paths.name}\` first, or choose another name.`,
    });
  }
  const audit = options.audit ?? earlier?.audit ?? false;
  const version = options.version ?? earlier?.version;
  if (version !== undefined && version !== NEWEST_KUBERNETES && mode !== 'kwok') {
    throw new SubletError('USAGE', `a host with a real node has Kubernetes ${NEWEST_KUBERNETES}, not ${version}`, {
      hint: 'Choose the version of a host of mode kwok, or of a virtual cluster.',
    });
  }
  return {
    mode,
    audit,
    ...(version === undefined ? {} : { version }),
    ...(earlier?.port === undefined ? {} : { port: earlier.port }),
  };
}

function checkedVersions(versions: readonly string[]): readonly string[] {
  const known: readonly string[] = KUBERNETES_VERSIONS;
  const unknown = versions.filter((version) => !known.includes(version));
  if (unknown.length === 0) return versions;
  throw new SubletError('USAGE', `no images can be made of Kubernetes ${unknown.join(', ')}`, {
    hint: `Known versions: ${known.join(', ')}.`,
  });
}

/** Awaits both, even when one fails, so that nothing goes on in the background after an error. */
async function bothOrNeither<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value];
}
