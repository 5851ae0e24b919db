import { type Command, Option } from 'commander';
import type { Bind } from '../bind';
import { type Declaration, readDeclaration } from '../cluster/declaration';
import { servesMetrics } from '../cluster/host-metrics';
import type { PreflightResult } from '../cluster/preflight';
import type { Session } from '../session';
import { connectInBackground } from './connect';
import { apply, check, wait } from './create-steps';
import { checkName, collect, namespaceOption, OtherName, timeoutOption } from './options';

interface CreateOptions {
  readonly namespace?: string;
  readonly kubernetesVersion?: string;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly store?: 'ephemeral' | 'pvc';
  readonly createNamespace: boolean;
  readonly upgrade?: boolean;
  readonly connect: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly dryRun?: boolean;
}

/** Adds `sublet create`. */
export function registerCreate(program: Command, bind: Bind): void {
  const command = addDeclarationOptions(program.command('create <name>'))
    .description('make a virtual cluster, wait until it is ready and switch to it')
    .option('--create-namespace', 'make the namespace where it is missing', true)
    .option('--no-create-namespace', 'fail where the namespace is missing')
    .option('--upgrade', 'change the virtual cluster if it exists already')
    .option('--no-wait', 'do not wait until it is ready')
    .option('--connect', 'switch the kubeconfig to it when it is ready', true)
    .option('--no-connect', 'leave the kubeconfig as it is')
    .option('--dry-run', 'print the manifests and do nothing')
    .addOption(timeoutOption('5m'))
    .addHelpText('after', HELP);
  bind(command, create);
}

/** Adds the options by which commands take the declaration of a virtual cluster. */
export function addDeclarationOptions(command: Command): Command {
  return command
    .addOption(namespaceOption())
    .option('-k, --kubernetes-version <version>', 'Kubernetes version: 1.37 or 1.37.2 (default: the newest)')
    .addOption(
      new Option('-f, --values <file>', 'declaration in YAML or JSON, policies too; later files win')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(new OtherName('--spec <file>', 'values').argParser(collect).default([], 'none'))
    .addOption(
      new Option('--set <path=value>', 'one field of it: --set dns.replicas=2').argParser(collect).default([], 'none'),
    )
    .addOption(new Option('--store <kind>', 'where its data lives').choices(['ephemeral', 'pvc']));
}

async function create(session: Session, command: Command): Promise<undefined> {
  const options = command.opts<CreateOptions>();
  const declaration = await readDeclaration(checkName(command.args[0]), options);
  if (options.dryRun === true) {
    session.out(declaration.yaml);
    return;
  }
  return carryOut(session, await fitting(session, declaration, command), options);
}

/** What was declared, less what the host has no means for. */
async function fitting(session: Session, declaration: Declaration, command: Command): Promise<Declaration> {
  if (await servesMetrics(session.api(), session.signal)) return declaration;
  return readDeclaration(declaration.name, { ...command.opts<CreateOptions>(), hostMetrics: false });
}

async function carryOut(session: Session, declaration: Declaration, options: CreateOptions): Promise<undefined> {
  const { name, namespace } = declaration;
  const found = await check(session, declaration, options);
  await apply(session, declaration, found);
  if (options.wait) await wait(session, declaration, options.timeout);
  if (options.wait && options.connect) await connectInBackground(session, { name, namespace }, {});
  else session.progress.note(`\nUse it: ${session.errStyle.bold(`sublet connect ${name} -n ${namespace}`)}`);
  if (session.globals.output !== 'table') reportCreated(session, declaration, found);
}

function reportCreated(session: Session, { name, namespace }: Declaration, found: PreflightResult): void {
  const item = { name, namespace, changed: found.clusterExists };
  session.report({ kind: 'Cluster', single: true, items: [item], columns: [], empty: '' });
}

const HELP = `
Examples:
  $ sublet create team-a                                  in namespace vcluster-team-a, store on a volume
  $ sublet create team-a -n teams --store ephemeral       in an existing namespace, store in memory
  $ sublet create team-a -k 1.35 -f team-a.yaml --set dns.replicas=2
  $ sublet create team-a --dry-run | kubectl apply -f -   only the manifests
  $ sublet create team-a --upgrade -f team-a.yaml         change an existing one
`;
