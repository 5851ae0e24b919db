import type { Command } from 'commander';
import type { Bind } from '../bind';
import type { Session } from '../session';

/** Adds `sublet version`. */
export function registerVersion(program: Command, bind: Bind): void {
  const command = program
    .command('version')
    .description('print the version of the command and of its Node')
    .addHelpText('after', '\nExamples:\n  $ sublet version\n  $ sublet version -o json\n');
  bind(command, version);
}

async function version(session: Session): Promise<undefined> {
  const item = { version: session.version, node: process.version, platform: `${process.platform}/${process.arch}` };
  session.report({
    kind: 'Version',
    single: true,
    items: [item],
    columns: [
      { title: 'SUBLET', value: (row) => row.version },
      { title: 'NODE', value: (row) => row.node },
      { title: 'PLATFORM', value: (row) => row.platform },
    ],
    empty: '',
  });
  return undefined;
}
