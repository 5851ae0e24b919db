import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import { runChecked, runCommand } from '../process/command';
import { binaryPath, toolDirectory } from './cache';
import type { GoRecipe } from './recipe';
import type { Tool } from './tools';
import { stagingVersion } from './versions';

/** Enough for kube-apiserver on one slow core with an empty build cache. */
const BUILD_TIMEOUT_MS = 45 * 60_000;
const GO_DIRECTIVE = 'go 1.26.0';

/** Called with each binary as soon as it is in the cache. */
export type OnBuilt = (binary: string) => Promise<void>;

/**
 * Builds a tool's binaries from its Go module; each appears in the cache only when it is complete.
 * Go's checksum verification stays as the user has it.
 * @throws SubletError `HOST_SETUP` when there is no Go, or a build fails; `INTERRUPTED`
 */
export async function buildFromModules(
  tool: Tool,
  binaries: readonly string[],
  onBuilt: OnBuilt,
  signal?: AbortSignal,
): Promise<void> {
  await requireGo(signal);
  const work = await mkdtemp(join(tmpdir(), 'sublet-go-'));
  try {
    const built = new Map(tool.go.packages.map((path, index) => [tool.binaries[index] ?? basename(path), path]));
    if (tool.go.kind === 'wrapper') await writeWrapper(work, tool, tool.go, signal);
    for (const binary of binaries) {
      const temporary = join(toolDirectory(tool), `.${binary}.${process.pid}`);
      const target = packagePath(tool.go.module, built.get(binary) ?? '');
      try {
        if (tool.go.kind === 'wrapper') await goBuild(work, tool.go, target, temporary, signal);
        else await goInstall(work, tool, tool.go, target, temporary, signal);
        await rename(temporary, binaryPath(tool, binary));
      } finally {
        await rm(temporary, { force: true });
      }
      await onBuilt(binary);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Downloads a module (`path@version`) and tells where its source lies.
 * @throws SubletError `HOST_SETUP` when there is no Go, or the module cannot be had; `INTERRUPTED`
 */
export async function moduleSource(module: string, signal?: AbortSignal): Promise<string> {
  await requireGo(signal);
  return moduleDirectory(tmpdir(), module, signal);
}

/** The go.mod of a module that only exists to build Kubernetes: its staging modules, which upstream's go.mod takes from
 * folders of its own repository (`v0.0.0`), come from their published versions instead. */
export function kubernetesGoMod(version: string, upstreamGoMod: string): string {
  const staging = [...upstreamGoMod.matchAll(/^\s*(k8s\.io\/\S+) v0\.0\.0$/gm)].map((match) => match[1] ?? '');
  const replaced = staging.map((path) => `\t${path} => ${path} v${stagingVersion(version)}`);
  return ['module host', GO_DIRECTIVE, `require k8s.io/kubernetes v${version}`, 'replace (', ...replaced, ')', ''].join(
    '\n',
  );
}

async function requireGo(signal?: AbortSignal): Promise<void> {
  const options = { timeoutMs: 30_000, ...(signal === undefined ? {} : { signal }) };
  const found = await runCommand(['go', 'version'], options).catch(() => undefined);
  if (found?.code === 0) return;
  throw new SubletError(
    'HOST_SETUP',
    'the official releases cannot be reached, and there is no Go to build from source',
    {
      hint: 'Install Go 1.26 or newer (https://go.dev/dl), or run once with access to the internet.',
    },
  );
}

async function writeWrapper(
  work: string,
  tool: Tool,
  recipe: Extract<GoRecipe, { kind: 'wrapper' }>,
  signal?: AbortSignal,
): Promise<void> {
  const imports = recipe.packages.map((path) => `import _ ${JSON.stringify(packagePath(recipe.module, path))}`);
  const tools = ['//go:build tools', '', 'package main', '', ...imports, ''].join('\n');
  await writeFile(join(work, 'tools.go'), tools);
  if (recipe.program !== undefined) await writeFile(join(work, 'main.go'), recipe.program);
  if (recipe.kubernetes === undefined) {
    const replaces = Object.entries(recipe.replaces ?? {}).map(([path, by]) => `replace ${path} => ${by}\n`);
    await writeFile(join(work, 'go.mod'), `module host\n${GO_DIRECTIVE}\n${replaces.join('')}`);
    await go(work, ['get', `${recipe.module}@v${tool.version}`], {}, signal);
  } else {
    await writeFile(join(work, 'go.mod'), `module host\n${GO_DIRECTIVE}\n`);
    const directory = await moduleDirectory(work, `k8s.io/kubernetes@v${recipe.kubernetes}`, signal);
    const upstream = await readFile(join(directory, 'go.mod'), 'utf8');
    await writeFile(join(work, 'go.mod'), kubernetesGoMod(recipe.kubernetes, upstream));
  }
  await go(work, ['mod', 'tidy'], {}, signal);
}

/** Downloads a module and tells where its source lies. */
async function moduleDirectory(work: string, module: string, signal?: AbortSignal): Promise<string> {
  const answer: unknown = JSON.parse(await go(work, ['mod', 'download', '-json', module], {}, signal));
  return z.object({ Dir: z.string() }).parse(answer).Dir;
}

async function goBuild(
  work: string,
  recipe: Extract<GoRecipe, { kind: 'wrapper' }>,
  target: string,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const flags = ['-s', '-w', ...(recipe.kubernetes === undefined ? [] : versionFlags(recipe.kubernetes))];
  for (const [variable, text] of Object.entries(recipe.variables ?? {})) flags.push(`-X ${variable}=${text}`);
  const command = recipe.builds === 'tests' ? ['test', '-c'] : ['build'];
  const built = recipe.program === undefined ? target : '.';
  await go(work, [...command, `-ldflags=${flags.join(' ')}`, '-o', out, built], {}, signal);
}

async function goInstall(
  work: string,
  tool: Tool,
  recipe: Extract<GoRecipe, { kind: 'install' }>,
  target: string,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const linker = recipe.cgo?.static ? '-s -w -linkmode external -extldflags -static' : '-s -w';
  const tags = recipe.cgo === undefined ? [] : [`-tags=${recipe.cgo.tags}`];
  const bin = join(work, 'bin');
  const environment = { GOBIN: bin, CGO_ENABLED: recipe.cgo === undefined ? '0' : '1' };
  await go(work, ['install', `-ldflags=${linker}`, ...tags, `${target}@v${tool.version}`], environment, signal);
  // Go names the binary after the package, or after the module without its major version.
  const name = basename(target.replace(/\/v\d+$/, ''));
  await runChecked(['cp', join(bin, name), out]);
}

/** Kubernetes programs tell their version only when the linker is told. */
function versionFlags(version: string): string[] {
  const variables = 'k8s.io/component-base/version';
  const minor = version.split('.')[1] ?? '';
  return [`-X ${variables}.gitVersion=v${version}`, `-X ${variables}.gitMajor=1`, `-X ${variables}.gitMinor=${minor}`];
}

function packagePath(module: string, path: string): string {
  return path === '' ? module : `${module}/${path}`;
}

function go(
  work: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string> {
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    // The user's flags (-mod=vendor, …) would change what is built.
    GOFLAGS: '-buildvcs=false -trimpath',
    GOWORK: 'off',
    GOOS: 'linux',
    ...environment,
  };
  return runChecked(['go', ...args], {
    cwd: work,
    env,
    timeoutMs: BUILD_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}
