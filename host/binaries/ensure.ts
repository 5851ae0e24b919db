import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SubletError } from '../../lib/contract';
import { cacheDirectory } from '../paths';
import { runChecked, runCommand } from '../process/command';
import { withLock } from '../process/lock';
import type { StepReporter } from '../steps';
import { missingBinaries, recordBinary, toolDirectory } from './cache';
import { buildFromModules } from './go-modules';
import { downloadRelease, releasesReachable } from './official-release';
import type { Tool } from './tools';

/** A second process that needs the same binaries waits for the first one's build. */
const LOCK_TIMEOUT_MS = 60 * 60_000;

/**
 * Makes sure that all binaries of the tools are cached: from the cache, else the official releases, else Go modules.
 * @throws SubletError `HOST_SETUP` when neither way leads to a binary; `INTERRUPTED`
 */
export async function ensureBinaries(tools: readonly Tool[], steps: StepReporter, signal?: AbortSignal): Promise<void> {
  if ((await incomplete(tools)).length === 0) {
    steps.skip('get binaries', 'all are in the cache');
    return;
  }
  const onWait = (pid: number): void =>
    steps.skip('get binaries', `waiting for process ${pid}, which is building some`);
  const lock = { what: 'the cache of binaries', timeoutMs: LOCK_TIMEOUT_MS, signal, onWait };
  await withLock(join(cacheDirectory(), 'bin.lock'), lock, async () => {
    const wanted = await incomplete(tools);
    if (wanted.length === 0) return;
    const online = await steps.run('look for official releases', () => releasesReachable(signal));
    for (const tool of wanted) await ensureTool(tool, online, steps, signal);
  });
}

async function ensureTool(tool: Tool, online: boolean, steps: StepReporter, signal?: AbortSignal): Promise<void> {
  await mkdir(toolDirectory(tool), { recursive: true });
  let missing = await missingBinaries(tool);
  if (online && tool.releases.length > 0) {
    const fetched = await steps.run(`download ${tool.name} ${tool.version}`, () =>
      downloadRelease(tool, missing, (binary) => recordBinary(tool, binary, 'official release'), signal),
    );
    missing = missing.filter((binary) => !fetched.includes(binary));
  }
  if (missing.length === 0) return;
  await requireCompiler(tool, steps);
  await steps.run(`build ${tool.name} ${tool.version}`, () =>
    buildFromModules(tool, missing, (binary) => recordBinary(tool, binary, 'go module'), signal),
  );
}

async function incomplete(tools: readonly Tool[]): Promise<Tool[]> {
  const missing = await Promise.all(tools.map(missingBinaries));
  return tools.filter((_, index) => missing[index]?.length !== 0);
}

/** Programs with C in them need a compiler and libraries; on Debian as root they are installed. */
async function requireCompiler(tool: Tool, steps: StepReporter): Promise<void> {
  if (tool.go.kind !== 'install' || tool.go.cgo === undefined) return;
  const { libraries } = tool.go.cgo;
  if (await compilerReady(libraries)) return;
  const packages = ['gcc', 'libc6-dev', 'pkg-config', ...libraries.map((library) => `${library}-dev`)];
  await installPackages(packages, `building ${tool.name}`, steps);
  if (await compilerReady(libraries)) return;
  throw missingPackages(packages, `building ${tool.name}`);
}

/**
 * Installs Debian packages when this is Debian, else says what is missing.
 * @throws SubletError `HOST_SETUP`
 */
export async function installPackages(
  packages: readonly string[],
  purpose: string,
  steps: StepReporter,
): Promise<void> {
  if (!(await isExecutable('/usr/bin/apt-get'))) throw missingPackages(packages, purpose);
  await steps.run(`install ${packages.join(' ')}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
    const options = { env, timeoutMs: 5 * 60_000 };
    if ((await runCommand(install, options)).code === 0) return;
    await runCommand(['apt-get', 'update'], options);
    await runChecked(install, options);
  });
}

async function compilerReady(libraries: readonly string[]): Promise<boolean> {
  const checks = [['gcc', '--version'], ...libraries.map((library) => ['pkg-config', '--exists', library])];
  const results = await Promise.all(checks.map((check) => runCommand(check).catch(() => ({ code: 1 }))));
  return results.every((result) => result.code === 0);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missingPackages(packages: readonly string[], purpose: string): SubletError {
  return new SubletError('HOST_SETUP', `${purpose} needs packages that are not installed: ${packages.join(' ')}`, {
    hint: `Run: apt-get install ${packages.join(' ')}`,
  });
}
