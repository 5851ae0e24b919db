import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { version as kubernetesVersion } from '@pulumi/kubernetes/package.json';
import { LocalWorkspace, PulumiCommand, type PulumiFn } from '@pulumi/pulumi/automation';
import { binaryPath } from '../../../host/binaries/cache';
import { ensureBinaries } from '../../../host/binaries/ensure';
import { PULUMI, PULUMI_YAML } from '../../../host/binaries/test-tools';
import { stepReporter } from '../../../host/steps';
import { createTestStack, type TestStack } from './stack';

const ROOT = resolve(__dirname, '../../..');
const TOOLS = [PULUMI, PULUMI_YAML];

/** The real Pulumi engine with a home of its own, whose package `kubernetes` is the provider for tests. */
export interface PulumiEngine extends AsyncDisposable {
  /** Its folder, for files of a test. */
  readonly home: string;
  /** Environment of Pulumi's command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes a stack of a program that runs in this process. */
  stack(project: string, program: PulumiFn): Promise<TestStack>;
  /** Makes a stack of the project in a folder, whose program runs in a process of its own, as for every user. */
  projectStack(directory: string): Promise<TestStack>;
}

/**
 * Sets an engine up whose stacks lie in a folder and whose resources go to one cluster. Pulumi is built the first time.
 * @param kubeconfig file of the cluster that programs deploy to unless they say otherwise
 */
export async function startEngine(kubeconfig: string): Promise<PulumiEngine> {
  await ensureBinaries(TOOLS, stepReporter(undefined));
  const home = await mkdtemp(join(tmpdir(), 'sublet-pulumi-'));
  const folders = { bin: join(home, 'bin'), state: join(home, 'state'), work: join(home, 'work') };
  for (const folder of Object.values(folders)) await mkdir(folder);
  for (const tool of TOOLS)
    for (const name of tool.binaries) await symlink(binaryPath(tool, name), join(folders.bin, name));
  const plugin = join(home, 'plugins', `resource-kubernetes-v${kubernetesVersion}`, 'pulumi-resource-kubernetes');
  await writeProgram(plugin, 'provider/main.ts');
  await writeProgram(join(folders.bin, 'pulumi-language-nodejs'), 'language-host.ts');
  const environment = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: 'for tests only',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    KUBECONFIG: kubeconfig,
  };
  const pulumiCommand = await PulumiCommand.get({ root: home });
  const options = { pulumiCommand, pulumiHome: home, envVars: environment };
  return {
    home,
    environment,
    stack: async (project, program) =>
      createTestStack(
        await LocalWorkspace.createStack(
          { stackName: 'test', projectName: project, program },
          { ...options, workDir: await mkdtemp(join(folders.work, project)) },
        ),
      ),
    projectStack: async (directory) =>
      createTestStack(await LocalWorkspace.createStack({ stackName: 'test', workDir: directory }, options)),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

/** Writes an executable that runs a TypeScript program of this folder, with the arguments that it is given. */
async function writeProgram(file: string, program: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const command = [process.execPath, join(ROOT, 'scripts/run-ts.cjs'), join(__dirname, program)];
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  await writeFile(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  await chmod(file, 0o755);
}
