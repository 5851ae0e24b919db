import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { SubletError } from '../../lib/contract';
import type { Bind } from '../bind';
import { type DeclarationInputs, readSpec } from '../cluster/declaration';
import { parseManifests } from '../explain/documents';
import { explainManifests } from '../explain/explain';
import { formatExplanations, type Shown } from '../explain/format-explanation';
import type { Explanation } from '../explain/types';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';
import { addDeclarationOptions } from './create';

interface ExplainCommandOptions extends DeclarationInputs {
  readonly name?: string;
  readonly in: string;
  readonly show: Shown;
}

/** Adds `sublet explain`. */
export function registerExplain(program: Command, bind: Bind): void {
  const command = addDeclarationOptions(program.command('explain'))
    .argument('<file...>', 'manifests in YAML or JSON; - is standard input')
    .description("show what the host gets of a tenant's manifests; asks no server anything")
    .option('--name <name>', 'name of the virtual cluster, where no declaration says it (default: example)')
    .option('--in <namespace>', 'virtual namespace of objects that name none', 'default')
    .addOption(
      new Option('--show <what>', 'what becomes of fields, the host objects as YAML, or both')
        .choices(['changes', 'objects', 'all'])
        .default('changes'),
    )
    .addHelpText('after', HELP);
  bind(command, explain);
}

async function explain(session: Session, command: Command): Promise<number> {
  const options = command.opts<ExplainCommandOptions>();
  const { whole: spec } = await readSpec(options.name, { ...options, defaultName: 'example' });
  const texts = await Promise.all(command.args.map(async (file) => ({ file, content: await read(session, file) })));
  const given = texts.flatMap(({ file, content }) => parseManifests(file, content));
  const explanations = explainManifests(given, spec, { namespace: options.in });
  report(session, explanations, options.show);
  for (const section of spec.requires)
    session.progress.note(
      `The section "${section}" is declared by a policy, which no file holds: here it counts as off.`,
    );
  return explanations.some(({ outcome }) => outcome === 'refused') ? EXIT.failure : EXIT.ok;
}

async function read(session: Session, file: string): Promise<string> {
  if (file === '-') return text(session.stdin);
  return readFile(file, 'utf8').catch((cause) => {
    throw new SubletError('USAGE', `${file} can't be read`, { cause });
  });
}

function report(session: Session, items: readonly Explanation[], show: Shown): void {
  if (session.globals.output === 'table') {
    session.out(formatExplanations(items, show, session.outStyle));
    if (show === 'objects') noteRefusals(session, items);
  } else session.report({ kind: 'ExplanationList', items, columns: [], empty: '' });
}

/** Where the output is for other programs, what is missing there is told beside it. */
function noteRefusals(session: Session, items: readonly Explanation[]): void {
  for (const { object, refusals } of items) {
    for (const { message, rule } of refusals)
      session.progress.note(`${object.kind} ${object.name}: ${message} [${rule}]`);
  }
}

const HELP = `
The exit code is 1 where something is refused. What objects refer to is taken to exist; values that only the clusters
decide stand in angle brackets. Workloads are explained by one of their pods.

Examples:
  $ sublet explain pod.yaml                                  with the default declaration
  $ sublet explain shop/*.yaml -f team-a.yaml                as the virtual cluster of team-a.yaml has it
  $ sublet explain pod.yaml -f team-a.yaml -f policies.yaml  with the policies that it requires
  $ helm template shop | sublet explain - -f team-a.yaml
  $ sublet explain pod.yaml --show objects                   what would be created on the host, as YAML
  $ sublet explain pod.yaml -o json | jq '.items[].refusals'
`;
