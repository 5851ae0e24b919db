import type { Command } from 'commander';
import type { Bind } from '../bind';
import { requireCluster } from '../cluster/find';
import { describeMissing } from '../cluster/missing';
import { summarize } from '../cluster/summary';
import { readFacts } from '../cluster/wait';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';
import { findTunnel } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { clusterColumns } from './list';
import { checkName, namespaceOption } from './options';

/** Adds `sublet status`. */
export function registerStatus(program: Command, bind: Bind): void {
  const command = program
    .command('status <name>')
    .description('show how a virtual cluster is and what it lacks; exit code 3 while it is not ready')
    .addOption(namespaceOption())
    .addHelpText('after', HELP);
  bind(command, status);
}

async function status(session: Session, command: Command): Promise<number> {
  const name = checkName(command.args[0]);
  const options = command.opts<{ readonly namespace?: string }>();
  const api = session.api();
  const found = await requireCluster(api, name, options.namespace, { signal: session.signal, timeoutMs: 10_000 });
  const { namespace } = found;
  const missing = describeMissing(await readFacts(api, name, namespace, session.signal));
  const target = { cluster: name, namespace, hostServer: api.server };
  const connected = (await findTunnel(tunnelDirectory(session.env), target)) !== undefined;
  session.report({
    kind: 'Cluster',
    single: true,
    items: [{ ...summarize(found), connected, missing }],
    columns: clusterColumns(session.now()),
    empty: '',
  });
  if (session.globals.output === 'table' && missing.length > 0) {
    session.out(`\nNot ready:\n${missing.map((entry) => `  ${entry}\n`).join('')}`);
  }
  return missing.length === 0 ? EXIT.ok : EXIT.notReady;
}

const HELP = `
Examples:
  $ sublet status team-a
  $ until sublet status team-a > /dev/null; do sleep 1; done
`;
