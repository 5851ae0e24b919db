import type { Command } from 'commander';
import { audit } from '../audit/audit';
import { readAuditFacts } from '../audit/facts';
import type { AuditEntry } from '../audit/types';
import type { Bind } from '../bind';
import { requireCluster } from '../cluster/find';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';
import type { Column } from '../terminal/table';
import { checkName, namespaceOption } from './options';

/** Adds `sublet audit`. */
export function registerAudit(program: Command, bind: Bind): void {
  const command = program
    .command('audit <name>')
    .description('check a running virtual cluster against what isolation promises; exit code 1 if a check fails')
    .addOption(namespaceOption())
    .addHelpText('after', HELP);
  bind(command, run);
}

async function run(session: Session, command: Command): Promise<number> {
  const name = checkName(command.args[0]);
  const options = command.opts<{ readonly namespace?: string }>();
  const api = session.api();
  const found = await requireCluster(api, name, options.namespace, { signal: session.signal, timeoutMs: 10_000 });
  const items = audit(await readAuditFacts(api, found, session.signal));
  session.report({ kind: 'Audit', items, columns: COLUMNS, empty: '' });
  if (session.globals.output === 'table') session.out(items.map(explained).join(''));
  return items.some(({ outcome }) => outcome === 'fail') ? EXIT.failure : EXIT.ok;
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'RESULT', value: ({ outcome }) => outcome },
  { title: 'CHECK', value: ({ check }) => check },
  { title: 'PROMISE', value: ({ promise }) => promise },
];

function explained({ check, outcome, problems, note }: AuditEntry): string {
  if (outcome === 'pass') return '';
  const lines = problems.map((problem) => `  ${problem}\n`).join('');
  return `\n${check}: ${outcome === 'skipped' ? `not checked, ${note}` : note}\n${lines}`;
}

const HELP = `
Reads only. SECURITY.md of the package says what each check stands for.

Examples:
  $ sublet audit team-a
  $ sublet audit team-a -o json | jq '.items[] | select(.outcome == "fail")'
`;
