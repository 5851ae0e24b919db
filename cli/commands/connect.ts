import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Bind } from '../bind';
import { type Access, type AccessTarget, accessByServer, accessByTunnel, accessForRun } from '../cluster/access';
import { requireCluster } from '../cluster/find';
import { checkEntry } from '../cluster/inside';
import { describeMissing } from '../cluster/missing';
import { readFacts } from '../cluster/wait';
import { editKubeconfig, putEntry, useContext } from '../kubeconfig/edit';
import { changeKubeconfig } from '../kubeconfig/store';
import type { Session } from '../session';
import { during } from '../terminal/progress';
import { wait } from './create-steps';
import { checkName, namespaceOption, timeoutOption } from './options';
import { runWithKubeconfig } from './run-with-kubeconfig';

interface ConnectOptions {
  readonly namespace?: string;
  readonly print?: boolean;
  readonly server?: string;
  readonly localPort?: number;
  readonly timeout: number;
}

/** Adds `sublet connect`. */
export function registerConnect(program: Command, bind: Bind): void {
  const command = program
    .command('connect <name> [command...]')
    .usage('<name> [options] [-- command...]')
    .description('switch the kubeconfig to a virtual cluster, or run one command in it')
    .addOption(namespaceOption())
    .option('--print', 'print a kubeconfig instead of writing it')
    .addOption(
      new Option('--server <url>', 'reach its API server there, without a port-forward').argParser(parseServer),
    )
    .addOption(new Option('--local-port <port>', 'port of the port-forward (default: a free one)').argParser(parsePort))
    .addOption(timeoutOption('2m'))
    .addHelpText('after', HELP);
  bind(command, connect);
}

async function connect(session: Session, command: Command): Promise<number | undefined> {
  const options = command.opts<ConnectOptions>();
  const [given, ...words] = command.args;
  const name = checkName(given);
  const { namespace } = await requireCluster(session.api(), name, options.namespace, { signal: session.signal });
  const target = { name, namespace };
  await waitIfNeeded(session, target, options.timeout);
  if (words.length > 0) return runInside(session, target, words, options);
  if (options.print !== true) {
    await connectInBackground(session, target, options);
    return undefined;
  }
  const { entry } = await open(session, target, options);
  session.out(editKubeconfig('', [putEntry(entry), useContext(entry.name)]));
  return undefined;
}

/** Opens a background port-forward to a virtual cluster and makes it the kubeconfig's current context. */
export async function connectInBackground(
  session: Session,
  target: AccessTarget,
  options: Pick<ConnectOptions, 'server' | 'localPort'>,
): Promise<void> {
  const { writeTo } = session.kubeconfigPaths();
  const { entry } = await during(session.progress, `Connecting to ${target.name}`, async (step) => {
    const opened = await open(session, target, options);
    await changeKubeconfig(writeTo, [putEntry(opened.entry), useContext(opened.entry.name)]);
    step.done(`Connected to ${target.name} ${opened.how}`);
    return opened;
  });
  const { bold, dim } = session.errStyle;
  session.progress.note(dim(`  context ${entry.name} is current in ${writeTo}`));
  session.progress.note(`\nWork in it:  ${bold('kubectl get namespaces')}`);
  session.progress.note(`Go back:     ${bold(`sublet disconnect ${target.name} -n ${target.namespace}`)}`);
}

async function open(
  session: Session,
  target: AccessTarget,
  { server, localPort }: Pick<ConnectOptions, 'server' | 'localPort'>,
): Promise<Access & { readonly how: string }> {
  if (server !== undefined) return { ...(await accessByServer(session, target, server)), how: `at ${server}` };
  const access = await accessByTunnel(session, target, localPort);
  const { port, reused } = access.tunnel;
  const version = await checkEntry(access.entry, session.signal);
  return { ...access, how: `(Kubernetes ${version}) by ${reused ? 'the' : 'a'} port-forward on 127.0.0.1:${port}` };
}

async function runInside(
  session: Session,
  target: AccessTarget,
  words: readonly string[],
  { server }: ConnectOptions,
): Promise<number> {
  const access = await (server === undefined ? accessForRun(session, target) : accessByServer(session, target, server));
  try {
    const kubeconfig = editKubeconfig('', [putEntry(access.entry), useContext(access.entry.name)]);
    return await runWithKubeconfig(words, kubeconfig, session.env);
  } finally {
    await access.close();
  }
}

async function waitIfNeeded(session: Session, target: AccessTarget, timeoutMs: number): Promise<void> {
  const facts = await readFacts(session.api(), target.name, target.namespace, session.signal);
  if (describeMissing(facts).length > 0) await wait(session, target, timeoutMs);
}

function parseServer(value: string): string {
  if (!URL.canParse(value) || new URL(value).protocol !== 'https:') {
    throw new InvalidArgumentError('write it like https://host:port.');
  }
  return value;
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError('it is no port number.');
  return port;
}

const HELP = `
The port-forward runs in the background, waits out restarts of the control plane, and ends with \`sublet disconnect\`,
\`sublet delete\`, or when the virtual cluster is gone. With \`-- command\` nothing is switched and nothing stays.

Examples:
  $ sublet connect team-a                        switch to it
  $ sublet connect team-a -- kubectl get pods -A run one command in it; its exit code is returned
  $ sublet connect team-a --print > team-a.conf  a kubeconfig file of its own
  $ sublet connect team-a --server https://team-a.example.com:443
`;
