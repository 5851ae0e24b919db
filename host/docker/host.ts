import { chmod, mkdir, rm } from 'node:fs/promises';
import { SubletError } from '../../lib/contract';
import { hostHandle, readState, writeState } from '../lifecycle/state';
import type { HostPaths } from '../paths';
import { type CommandOptions, runChecked, runCommand } from '../process/command';
import { writeFileAtomic } from '../process/files';
import type { StepReporter } from '../steps';
import type { CommandResult, HostHandle, HostOptions, HostStatus } from '../types';
import { DOCKER_DRIVERS, type DockerDriver, dockerDriver, firstColumn } from './drivers';

const CREATE_TIMEOUT_MS = 10 * 60_000;
const LOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * The program to fall back on where no embedded host can run.
 * @throws SubletError `HOST_UNSUPPORTED` with `reason` when there is none, or no Docker
 */
export async function findDockerDriver(reason: string): Promise<DockerDriver> {
  if (await succeeds(['docker', 'info'])) {
    for (const driver of DOCKER_DRIVERS) if (await succeeds([driver.program, 'version'])) return driver;
  }
  throw new SubletError('HOST_UNSUPPORTED', `the embedded host cluster cannot run here: ${reason}`, {
    hint: 'Use a cluster of your own with --context, or start Docker and install kind or k3d.',
  });
}

/** Creates the cluster unless it is there. @throws SubletError `HOST_SETUP`, `HOST_UNSUPPORTED` for mode `kwok` */
export async function dockerUp(
  paths: HostPaths,
  driver: DockerDriver,
  options: HostOptions,
  steps: StepReporter,
): Promise<HostHandle> {
  if (options.mode === 'kwok') {
    throw new SubletError('HOST_UNSUPPORTED', `simulated nodes need an embedded host; ${driver.program} has none`);
  }
  const cluster = clusterName(paths);
  const control = options.signal === undefined ? {} : { signal: options.signal };
  await mkdir(paths.directory, { recursive: true });
  const state = { mode: 'node' as const, audit: false, driver: driver.program };
  await writeState(paths, state);
  if (await isThere(driver, cluster)) {
    steps.skip(`create the ${driver.program} cluster`, 'it is there');
  } else {
    await steps.run(`create the ${driver.program} cluster`, () =>
      runChecked(driver.create(cluster, paths.kubeconfig), { timeoutMs: CREATE_TIMEOUT_MS, ...control }),
    );
  }
  if (driver.kubeconfig !== undefined) {
    await writeFileAtomic(paths.kubeconfig, await runChecked(driver.kubeconfig(cluster)), 0o600);
  }
  await chmod(paths.kubeconfig, 0o600);
  return dockerHandle(paths, driver);
}

/** Removes the cluster, also a half-made one. */
export async function dockerDown(paths: HostPaths, driver: DockerDriver, steps: StepReporter): Promise<void> {
  await steps.run(`remove the ${driver.program} cluster`, async () => {
    const cluster = clusterName(paths);
    if (await isThere(driver, cluster)) await runChecked(driver.remove(cluster), { timeoutMs: CREATE_TIMEOUT_MS });
    await rm(paths.directory, { recursive: true, force: true });
  });
}

/** The driver that made a host; `undefined` for an embedded host, or none. */
export async function driverOf(paths: HostPaths): Promise<DockerDriver | undefined> {
  const state = await readState(paths);
  return state?.driver === undefined ? undefined : dockerDriver(state.driver);
}

/** Loads an archive into the cluster. */
export async function dockerLoad(paths: HostPaths, driver: DockerDriver, archive: string): Promise<void> {
  await runChecked(driver.load(clusterName(paths), archive), { timeoutMs: LOAD_TIMEOUT_MS });
}

/** Runs a command on the node, in whose network Services and pods are reachable. */
export function dockerExec(
  paths: HostPaths,
  driver: DockerDriver,
  command: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return runCommand(['docker', 'exec', '-i', driver.node(clusterName(paths)), ...command], options);
}

/** The status of a host in Docker: its daemons are the container's own affair. */
export async function dockerStatus(paths: HostPaths, driver: DockerDriver): Promise<HostStatus> {
  const running = await isThere(driver, clusterName(paths));
  return { ...dockerHandle(paths, driver), state: running ? 'running' : 'degraded', components: [] };
}

function dockerHandle(paths: HostPaths, driver: DockerDriver): HostHandle {
  const handle = hostHandle(paths, { mode: 'node', audit: false });
  return { ...handle, networkNamespace: '', nodeName: driver.node(clusterName(paths)) };
}

function clusterName(paths: HostPaths): string {
  return `sublet-${paths.name}`;
}

async function isThere(driver: DockerDriver, cluster: string): Promise<boolean> {
  const { stdout } = await runCommand(driver.list);
  return firstColumn(stdout).includes(cluster);
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  const result = await runCommand(command, { timeoutMs: 10_000 }).catch(() => undefined);
  return result?.code === 0;
}
