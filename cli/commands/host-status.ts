import type { Command } from 'commander';
import { type HostStatus, hostStatus, listHosts } from '../../host';
import type { Bind } from '../bind';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';

/** Adds `sublet host status`. */
export function registerHostStatus(host: Command, bind: Bind): void {
  const command = host
    .command('status')
    .description('show the host clusters on this machine; exit code 3 while the named one does not run')
    .option('--name <name>', 'only this one')
    .addHelpText('after', '\nExamples:\n  $ sublet host status\n  $ sublet host status --name default -o json\n');
  bind(command, status);
}

async function status(session: Session, command: Command): Promise<number> {
  const { name } = command.opts<{ readonly name?: string }>();
  const items = name === undefined ? await listHosts() : [await hostStatus({ name })];
  session.report({
    kind: 'HostList',
    items,
    columns: [
      { title: 'NAME', value: (row: HostStatus) => row.name },
      { title: 'STATE', value: (row) => row.state },
      { title: 'MODE', value: (row) => row.mode },
      { title: 'NODE', value: (row) => row.nodeName },
      {
        title: 'DOWN',
        value: (row) => row.components.flatMap((each) => (each.running ? [] : [each.name])).join(',') || '-',
      },
      { title: 'KUBECONFIG', value: (row) => row.kubeconfig },
    ],
    empty: 'No host cluster on this machine. Boot one: sublet host up',
  });
  return name !== undefined && items[0]?.state !== 'running' ? EXIT.notReady : EXIT.ok;
}
