import type { Command } from 'commander';
import { SubletError } from '../../lib/contract';
import type { Bind } from '../bind';
import { dropEntry } from '../kubeconfig/edit';
import { memoryOf, readKubeconfig } from '../kubeconfig/read';
import { changeKubeconfig } from '../kubeconfig/store';
import type { Session } from '../session';
import { stopTunnels } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { namespaceOption } from './options';

interface DisconnectOptions {
  readonly namespace?: string;
  readonly all?: boolean;
}

/** Adds `sublet disconnect`. */
export function registerDisconnect(program: Command, bind: Bind): void {
  const command = program
    .command('disconnect [name]')
    .description('end the port-forward to a virtual cluster and switch the kubeconfig back to the host')
    .addOption(namespaceOption())
    .option('--all', 'of all virtual clusters')
    .addHelpText('after', HELP);
  bind(command, disconnect);
}

async function disconnect(session: Session, command: Command): Promise<undefined> {
  const { all = false, namespace } = command.opts<DisconnectOptions>();
  const [name] = command.args;
  const config = readKubeconfig(session.kubeconfigPaths().files);
  const current = memoryOf(config.contexts.get(config.currentContext ?? ''));
  const wanted = all ? undefined : (name ?? current?.cluster);
  if (!all && wanted === undefined) {
    throw new SubletError('USAGE', 'the current context is of no virtual cluster', {
      hint: 'name one: sublet disconnect NAME, or take all: sublet disconnect --all',
    });
  }
  const wantedNamespace = namespace ?? (name === undefined ? current?.namespace : undefined);
  const matches = (target: { readonly cluster: string; readonly namespace: string }): boolean =>
    (wanted === undefined || target.cluster === wanted) &&
    (all || wantedNamespace === undefined || target.namespace === wantedNamespace);
  const stopped = await stopTunnels(tunnelDirectory(session.env), matches);
  const dropped = await forgetContexts(session, matches);
  const what = wanted ?? 'all virtual clusters';
  if (stopped === 0 && dropped === 0) session.progress.note(`There was no connection to ${what}.`);
  else session.progress.step(`Disconnecting from ${what}`).done(`Disconnected from ${what}`);
  return undefined;
}

/**
 * Removes the contexts that `sublet connect` wrote for virtual clusters, and switches back to the host where one is current.
 * @returns how many there were
 */
export async function forgetContexts(
  session: Session,
  matches: (target: { readonly cluster: string; readonly namespace: string; readonly hostContext: string }) => boolean,
): Promise<number> {
  let dropped = 0;
  for (const file of session.kubeconfigPaths().files) {
    const found = [...readKubeconfig([file]).contexts].flatMap(([context, value]) => {
      const memory = memoryOf(value);
      return memory !== undefined && matches(memory) ? [{ context, memory }] : [];
    });
    if (found.length === 0) continue;
    await changeKubeconfig(
      file,
      found.map(({ context, memory }) => dropEntry(context, memory.hostContext)),
    );
    dropped += found.length;
  }
  return dropped;
}

const HELP = `
Examples:
  $ sublet disconnect          from the virtual cluster of the current context
  $ sublet disconnect team-a
  $ sublet disconnect --all
`;
