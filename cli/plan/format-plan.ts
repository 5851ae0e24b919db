import { EFFECTS, type Effect, type FieldChange, type Plan, type PlannedChange } from '../../lib/manifests';
import type { Style } from '../terminal/style';

/** What people call the effects. */
const TITLES: { readonly [effect in Effect]: string } = {
  dataLoss: 'data loss',
  recreate: 'recreate',
  restart: 'restart',
  liveChange: 'live change',
  create: 'create',
  delete: 'delete',
  none: 'unchanged',
};

const MAX_VALUE = 100;

/** A plan for people: a group for each effect, the gravest first, and a line that counts. */
export function formatPlan({ changes, summary }: Plan, style: Style): string {
  const colours: { readonly [effect in Effect]: (text: string) => string } = {
    dataLoss: style.red,
    recreate: style.red,
    restart: style.yellow,
    liveChange: style.green,
    create: style.green,
    delete: style.red,
    none: style.dim,
  };
  const groups = EFFECTS.filter((effect) => effect !== 'none' && summary[effect] > 0).map((effect) => {
    const members = changes.filter((change) => change.effect === effect);
    return [style.bold(colours[effect](TITLES[effect])), ...members.flatMap((change) => linesOf(change, style))];
  });
  return `${[...groups.map((lines) => lines.join('\n')), countLine(summary)].join('\n\n')}\n`;
}

function linesOf({ object, why, effect, fields }: PlannedChange, style: Style): readonly string[] {
  const head = `  ${object.kind} ${style.bold(object.name)}`;
  if (effect === 'create') return [head];
  const others = fields.filter((field) => field.why !== why);
  return [
    `${head}: ${why}`,
    ...fields.map((field) => `    ${fieldLine(field)}${others.includes(field) ? style.dim(`  (${field.why})`) : ''}`),
  ];
}

function fieldLine({ path, from, to }: FieldChange): string {
  if (from === undefined) return `+ ${path}: ${valueText(to)}`;
  if (to === undefined) return `- ${path}: ${valueText(from)}`;
  return `~ ${path}: ${valueText(from)} → ${valueText(to)}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

function countLine(summary: Plan['summary']): string {
  const parts = EFFECTS.filter((effect) => effect !== 'none' && summary[effect] > 0);
  const unchanged = `${summary.none} ${summary.none === 1 ? 'object is' : 'objects are'} as declared`;
  if (parts.length === 0) return `Nothing to change: ${unchanged}.`;
  return `${parts.map((effect) => `${summary[effect]} ${TITLES[effect]}`).join(', ')}; ${unchanged}.`;
}
