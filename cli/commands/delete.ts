import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { defaultHostNamespace, SubletError } from '../../lib/contract';
import type { Bind } from '../bind';
import { findCluster } from '../cluster/find';
import { checkReachable } from '../cluster/preflight';
import { hasRemains, type NamespaceFate, removeCluster } from '../cluster/remove';
import type { Session } from '../session';
import { during } from '../terminal/progress';
import { stopTunnels } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { forgetContexts } from './disconnect';
import { checkName, namespaceOption, timeoutOption } from './options';

interface DeleteOptions {
  readonly namespace?: string;
  readonly keepData?: boolean;
  readonly ignoreNotFound?: boolean;
  readonly yes?: boolean;
  readonly timeout: number;
}

/** Adds `sublet delete`. */
export function registerDelete(program: Command, bind: Bind): void {
  const command = program
    .command('delete <name>')
    .alias('rm')
    .description('remove a virtual cluster and everything that it made on the host')
    .addOption(namespaceOption())
    .option('--keep-data', 'keep the volume with its data, for a later cluster of the same name')
    .option('--ignore-not-found', 'succeed where there is none')
    .option('-y, --yes', 'do not ask (without a terminal nothing is asked)')
    .addOption(timeoutOption('3m'))
    .addHelpText('after', HELP);
  bind(command, remove);
}

async function remove(session: Session, command: Command): Promise<undefined> {
  const options = command.opts<DeleteOptions>();
  const name = checkName(command.args[0]);
  await checkReachable(session.api(), session.signal);
  const namespace = await locate(session, name, options.namespace);
  if (namespace === undefined) {
    await reportAbsent(session, name, options);
    return undefined;
  }
  if (session.stdinIsTty && options.yes !== true) await confirm(session, name, namespace, options.keepData === true);
  await deleteCluster(session, { name, namespace }, options);
  return undefined;
}

/** Removes a virtual cluster, its port-forward and its kubeconfig context, and waits until it is gone. */
export async function deleteCluster(
  session: Session,
  target: { readonly name: string; readonly namespace: string },
  options: { readonly keepData?: boolean; readonly timeout: number },
): Promise<void> {
  const { name, namespace } = target;
  const api = session.api();
  await during(session.progress, `Deleting ${name}`, async (step) => {
    await stopTunnelsTo(session, name, namespace);
    const fate = await removeCluster({
      api,
      name,
      namespace,
      keepData: options.keepData === true,
      timeoutMs: options.timeout,
      signal: session.signal,
      onStep: (text) => step.flash(text),
    });
    await forgetContextsOf(session, name, namespace);
    step.done(`Deleted ${name}${describeFate(namespace, fate)}`);
  });
}

/** Where somebody else removed the cluster, what leads to it on this machine goes all the same. */
async function reportAbsent(session: Session, name: string, options: DeleteOptions): Promise<void> {
  const namespace = options.namespace ?? defaultHostNamespace(name);
  await stopTunnelsTo(session, name, namespace);
  await forgetContextsOf(session, name, namespace);
  if (options.ignoreNotFound === true) {
    session.progress.note(`There is no virtual cluster "${name}".`);
    return;
  }
  throw new SubletError('CLUSTER_NOT_FOUND', `no virtual cluster "${name}" on ${session.api().contextName}`, {
    hint: 'see what there is with `sublet list`; name its namespace with -n',
  });
}

function stopTunnelsTo(session: Session, name: string, namespace: string): Promise<number> {
  const { server } = session.api();
  return stopTunnels(
    tunnelDirectory(session.env),
    (tunnel) => tunnel.cluster === name && tunnel.namespace === namespace && tunnel.hostServer === server,
  );
}

function forgetContextsOf(session: Session, name: string, namespace: string): Promise<number> {
  const { contextName } = session.api();
  return forgetContexts(
    session,
    (memory) => memory.cluster === name && memory.namespace === namespace && memory.hostContext === contextName,
  );
}

async function locate(session: Session, name: string, namespace: string | undefined): Promise<string | undefined> {
  const found = await findCluster(session.api(), name, namespace, { signal: session.signal });
  if (found !== undefined) return found.namespace;
  const candidate = namespace ?? defaultHostNamespace(name);
  return (await hasRemains(session.api(), name, candidate, session.signal)) ? candidate : undefined;
}

async function confirm(session: Session, name: string, namespace: string, keepData: boolean): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: session.stderr });
  const data = keepData ? 'its data is kept' : 'its data is lost';
  try {
    const question = `Delete virtual cluster "${name}" in ${namespace} on ${session.api().contextName}? ${data}. [y/N] `;
    const answer = await lines.question(question, { signal: session.signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  throw new SubletError('INTERRUPTED', 'nothing was deleted');
}

function describeFate(namespace: string, fate: NamespaceFate): string {
  return fate.kind === 'deleted' ? ` and namespace ${namespace}` : `; namespace ${namespace} stays: ${fate.reason}`;
}

const HELP = `
The namespace goes too where \`sublet create\` made it and nothing else is in it.

Examples:
  $ sublet delete team-a
  $ sublet delete team-a -n teams --keep-data
  $ sublet delete team-a --ignore-not-found --yes   in scripts
`;
