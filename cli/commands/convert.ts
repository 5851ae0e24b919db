import { type Command, Option } from 'commander';
import { stringify } from 'yaml';
import type { Bind } from '../bind';
import { readValuesFile } from '../cluster/values-file';
import { type ConversionResult, convertValues } from '../convert/convert-values';
import { type Note, needsWork } from '../convert/note';
import { FRAMEWORKS, type Framework, notConverted, printProgram } from '../convert/print-program';
import type { Session } from '../session';
import { checkName, namespaceOption } from './options';

interface ConvertOptions {
  readonly name: string;
  readonly namespace?: string;
  readonly framework: Framework;
  readonly as: 'program' | 'spec';
}

/** Adds `sublet convert`. */
export function registerConvert(program: Command, bind: Bind): void {
  const command = program
    .command('convert <file>')
    .description('turn a vCluster values file into a program; asks no server anything')
    .option('--name <name>', 'name of the virtual cluster, which a values file does not hold', 'my-vcluster')
    .addOption(namespaceOption())
    .addOption(
      new Option('--framework <name>', 'for which framework the program is').choices([...FRAMEWORKS]).default('cdk8s'),
    )
    .addOption(
      new Option('--as <form>', 'a program, or a declaration for sublet create and render')
        .choices(['program', 'spec'])
        .default('program'),
    )
    .addHelpText('after', HELP);
  bind(command, convert);
}

async function convert(session: Session, command: Command): Promise<undefined> {
  const options = command.opts<ConvertOptions>();
  const { namespace } = options;
  const values = await readValuesFile(command.args[0] ?? '');
  const name = checkName(options.name);
  const result = convertValues(values, { name, ...(namespace !== undefined && { namespace }) });
  if (session.globals.output === 'table') session.out(printed(result, options));
  else session.report({ kind: 'Conversion', single: true, items: [{ ...result }], columns: [], empty: '' });
  tell(session, result.notes);
  return undefined;
}

function printed({ spec, notes }: ConversionResult, { as, framework }: ConvertOptions): string {
  if (as === 'program') return printProgram(spec, notes, framework);
  return [...notConverted(notes, '#'), stringify(spec, { lineWidth: 0 })].join('\n');
}

/** What has to be done by hand, and with `--verbose` what became of every key. */
function tell({ progress, errStyle }: Session, notes: readonly Note[]): void {
  const count = (kind: Note['kind']): number => notes.filter((note) => note.kind === kind).length;
  progress.note(
    `keys: ${count('converted')} converted, ${count('default') + count('notNeeded')} not needed, ${notes.filter(needsWork).length} left to you`,
  );
  for (const note of notes) {
    const line = note.path === '' ? note.message : `${errStyle.bold(note.path)} ${note.message}`;
    if (needsWork(note)) progress.note(`  ${errStyle.yellow('!')} ${line}`);
    else if (note.kind === 'different') progress.note(`  i ${line}`);
    else progress.detail(line);
  }
}

const HELP = `
Examples:
  $ sublet convert values.yaml --name team-a > main.ts     a program for cdk8s
  $ sublet convert values.yaml --framework pulumi -v       one for Pulumi; says what became of every key
  $ sublet convert values.yaml --name team-a --as spec > team-a.yaml && sublet create team-a -f team-a.yaml
  $ sublet convert values.yaml -o json | jq '.notes[] | select(.kind == "unsupported")'
`;
