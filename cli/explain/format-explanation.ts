import { stringify } from 'yaml';
import type { Style } from '../terminal/style';
import { groupedFields } from './grouped-fields';
import type { ExplainedOutcome, Explanation, FieldOnTheWay } from './types';

/** What becomes of an object, of one and of several. */
const VERDICTS: { readonly [outcome in ExplainedOutcome]: readonly [string, string] } = {
  copied: ['reaches the host', 'reach the host'],
  virtualOnly: ['stays in the virtual cluster', 'stay in the virtual cluster'],
  waiting: ['waits', 'wait'],
  refused: ['is refused', 'are refused'],
};

const MAX_VALUE = 80;

/** What is shown of explanations. */
export type Shown = 'changes' | 'objects' | 'all';

/** Explanations for people. `objects` is YAML alone, fit for other programs. */
export function formatExplanations(all: readonly Explanation[], shown: Shown, style: Style): string {
  if (shown === 'objects') return all.flatMap(({ hostObjects }) => hostObjects.map(yamlOf)).join('---\n');
  const blocks = all.map((one) => {
    const objects = shown === 'all' ? one.hostObjects.map((object) => indent(yamlOf(object))) : [];
    return [...linesOf(one, style), ...objects.flatMap((text) => ['  ---', text])].join('\n');
  });
  return `${[...blocks, countLine(all)].join('\n\n')}\n`;
}

function linesOf(one: Explanation, style: Style): readonly string[] {
  const colour = one.outcome === 'refused' ? style.red : one.outcome === 'copied' ? style.green : style.yellow;
  const { kind, name, namespace } = one.object;
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  const part = one.template === undefined ? '' : `, ${one.template}`;
  const because = one.reason === undefined ? '' : `: ${one.reason}`;
  const head = `${style.bold(`${kind} ${where}`)}${part} ${colour(VERDICTS[one.outcome][0])}${because}`;
  return [
    head + optionText(one.option, style),
    ...one.refusals.map(
      ({ message, rule, option }) => `  ${style.red('✗')} ${message} [${rule}]${optionText(option, style)}`,
    ),
    ...one.hostObjects.map(({ kind: hostKind, metadata }) => {
      const at = metadata.namespace === undefined ? '' : `${metadata.namespace}/`;
      return `  → ${hostKind} ${at}${metadata.name}`;
    }),
    ...section('rewritten', one.rewritten, style),
    ...section('dropped', one.dropped, style),
    ...section('added', one.added, style),
    ...one.warnings.map(({ reason, message }) => `  ${style.yellow('!')} ${message} [${reason}]`),
    ...one.assumptions.map((text) => style.dim(`  assumed: ${text}`)),
  ];
}

function section(title: string, fields: readonly FieldOnTheWay[], style: Style): readonly string[] {
  const telling = fields.filter((field) => !isRoutine(field));
  if (telling.length === 0) return [];
  const lines = groupedFields(telling).flatMap(({ why, option, members }) => [
    `    ${style.dim(`${why}${option === undefined ? '' : ` (${option})`}`)}`,
    ...members.map((field) => `      ${fieldText(field)}`),
  ]);
  return [`  ${title}`, ...lines];
}

/** Names, marks and owners are alike on every object, and the host object's name stands above. */
function isRoutine({ path, from }: FieldOnTheWay): boolean {
  const inMetadata = /(^|\.template\.|\]\.)?metadata\.(.*)$/.exec(path)?.[2] ?? '';
  if (/^(name|namespace)$/.test(inMetadata)) return true;
  return from === undefined && /^(labels|annotations|ownerReferences)/.test(inMetadata);
}

function fieldText({ path, from, to, more = 0 }: FieldOnTheWay & { readonly more?: number }): string {
  const others = more === 0 ? '' : ` and ${more} more`;
  if (from === undefined) return `${path}: ${valueText(to)}${others}`;
  if (to === undefined) return `${path}: ${valueText(from)}${others}`;
  return `${path}: ${valueText(from)} → ${valueText(to)}${others}`;
}

function valueText(value: unknown): string {
  const shown = isVariable(value) ? value.value : value;
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

/** A variable's name stands in its path. */
function isVariable(value: unknown): value is { readonly value: unknown } {
  if (typeof value !== 'object' || value === null || !('value' in value)) return false;
  return Object.keys(value).every((key) => key === 'name' || key === 'value');
}

function optionText(option: string | undefined, style: Style): string {
  return option === undefined ? '' : style.dim(` (option ${option})`);
}

function countLine(all: readonly Explanation[]): string {
  const outcomes: readonly ExplainedOutcome[] = ['copied', 'virtualOnly', 'waiting', 'refused'];
  const counts = outcomes.flatMap((outcome) => {
    const count = all.filter((one) => one.outcome === outcome).length;
    const [one, several] = VERDICTS[outcome];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  return all.length === 0 ? 'There is no object in it.' : `${counts.join(', ')}.`;
}

function yamlOf(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ');
}
