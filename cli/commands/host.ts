import { type Command, InvalidArgumentError, Option } from 'commander';
import { type HostHandle, type HostMode, hostDown, hostStatus, hostUp, loadImage } from '../../host';
import { KUBERNETES_VERSIONS, resolveSpec } from '../../lib/spec';
import type { Bind } from '../bind';
import { createApi } from '../kube/api';
import { dropEntry, putEntry, useContext } from '../kubeconfig/edit';
import { memoryOf, readKubeconfig, selectContext } from '../kubeconfig/read';
import { changeKubeconfig } from '../kubeconfig/store';
import type { Session } from '../session';
import { provideSyncerImage } from '../syncer-image';
import { during } from '../terminal/progress';
import { stopTunnels } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { registerHostStatus } from './host-status';
import { showHostSteps } from './host-steps';
import { collect } from './options';

interface UpOptions {
  readonly name?: string;
  readonly mode: HostMode;
  readonly nodes?: number;
  readonly kubernetesVersion: readonly string[];
  readonly switch: boolean;
}

/** Adds `sublet host` with its subcommands. */
export function registerHost(program: Command, bind: Bind): void {
  const host = program
    .command('host')
    .description('boot and remove a host cluster on this machine (Linux, root)')
    .addHelpText('after', HELP);
  const up = host
    .command('up')
    .description('boot a host cluster, or go on with one that stopped; the kubeconfig is switched to it')
    .addOption(hostNameOption())
    .addOption(
      new Option('--mode <mode>', 'a real kubelet, or nodes that KWOK simulates')
        .choices(['node', 'kwok'])
        .default('node'),
    )
    .addOption(new Option('--nodes <count>', 'number of nodes, with --mode kwok').argParser(parseCount))
    .addOption(
      new Option(
        '-k, --kubernetes-version <version>',
        'have the images of this version of virtual clusters ready; may stand several times',
      )
        .argParser(collect)
        .default([], 'the newest'),
    )
    .option('--no-switch', 'leave the kubeconfig as it is')
    .addHelpText('after', '\nExamples:\n  $ sublet host up\n  $ sublet host up --name scale --mode kwok --nodes 100\n');
  const down = host
    .command('down')
    .description('remove a host cluster and everything of it from this machine')
    .addOption(hostNameOption())
    .addHelpText('after', '\nExamples:\n  $ sublet host down\n  $ sublet host down --name scale\n');
  const load = host
    .command('load-image <file...>')
    .description('load image archives (docker save, OCI) into a host cluster')
    .addOption(hostNameOption())
    .addHelpText('after', '\nExamples:\n  $ sublet host load-image syncer.tar\n');
  registerHostStatus(host, bind);
  bind(up, runUp);
  bind(down, runDown);
  bind(load, runLoad);
}

/** `--name` of a host cluster. */
export function hostNameOption(): Option {
  return new Option('--name <name>', 'name of the host cluster; several can run side by side').default('default');
}

async function runUp(session: Session, command: Command): Promise<undefined> {
  const options = command.opts<UpOptions>();
  const handle = await hostUp({
    ...(options.name !== undefined && { name: options.name }),
    mode: options.mode,
    ...(options.nodes !== undefined && { nodes: options.nodes }),
    ...(options.kubernetesVersion.length > 0 && { kubernetesVersions: options.kubernetesVersion.map(patchRelease) }),
    onStep: showHostSteps(session.progress),
    signal: session.signal,
  });
  // The default image of virtual clusters that `sublet create` makes; on simulated nodes nothing runs.
  if (handle.mode === 'node') await provideSyncerImage(session, handle, resolveSpec({ name: 'any' }).images.syncer);
  const { bold, dim } = session.errStyle;
  session.progress.note(`\nHost cluster ${bold(handle.name)} is up; node ${handle.nodeName}.`);
  if (options.switch) {
    const context = await adoptContext(session, handle);
    session.progress.note(dim(`Context ${context} is current in ${session.kubeconfigPaths().writeTo}.`));
    session.progress.note(`\nMake a virtual cluster:  ${bold('sublet create team-a')}`);
  } else session.progress.note(`\nUse it:  ${bold(`export KUBECONFIG=${handle.kubeconfig}`)}`);
  if (session.globals.output !== 'table') {
    session.report({ kind: 'Host', single: true, items: [handle], columns: [], empty: '' });
  }
  return undefined;
}

/** `1.33` → `1.33.13`, as `sublet create` takes it; what is no minor version stays, for the host to judge. */
function patchRelease(version: string): string {
  return Object.entries(KUBERNETES_VERSIONS).find(([minor]) => minor === version)?.[1] ?? version;
}

async function runDown(session: Session, command: Command): Promise<undefined> {
  const { name = 'default' } = command.opts<{ readonly name?: string }>();
  await forgetHost(session, name);
  await hostDown({ name, onStep: showHostSteps(session.progress), signal: session.signal });
  session.progress.note(`\nHost cluster ${name} is gone.`);
  return undefined;
}

async function runLoad(session: Session, command: Command): Promise<undefined> {
  const { name = 'default' } = command.opts<{ readonly name?: string }>();
  const host = await hostStatus({ name });
  for (const file of command.args) {
    await during(session.progress, `Loading ${file}`, () => loadImage(host, file));
  }
  return undefined;
}

async function adoptContext(session: Session, handle: HostHandle): Promise<string> {
  const { cluster, user } = selectContext(readKubeconfig([handle.kubeconfig]), undefined);
  const name = hostContextName(handle.name);
  const { writeTo } = session.kubeconfigPaths();
  await changeKubeconfig(writeTo, [putEntry({ name, cluster, user }), useContext(name)]);
  return name;
}

/** Ends the port-forwards into a host cluster's virtual clusters and removes the kubeconfig contexts that lead to it. */
export async function forgetHost(session: Session, name: string): Promise<void> {
  const context = hostContextName(name);
  for (const file of session.kubeconfigPaths().files) {
    const config = readKubeconfig([file]);
    if (!config.contexts.has(context)) continue;
    const { server } = createApi(selectContext(config, context));
    await stopTunnels(tunnelDirectory(session.env), (tunnel) => tunnel.hostServer === server);
    const behind = [...config.contexts].flatMap(([other, value]) =>
      memoryOf(value)?.hostContext === context ? [other] : [],
    );
    await changeKubeconfig(
      file,
      [...behind, context].map((entry) => dropEntry(entry, undefined)),
    );
  }
}

/** The kubeconfig context of an embedded host cluster. */
export function hostContextName(name: string): string {
  return `sublet-${name}`;
}

function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('it is no number of nodes.');
  return count;
}

const HELP = `
Any Kubernetes cluster can be a host. This one is for machines that have none: upstream Kubernetes in a network namespace
of its own, nothing of which stays after \`sublet host down\`.

Examples:
  $ sublet host up && sublet create team-a
  $ sublet host status
  $ sublet host down
`;
