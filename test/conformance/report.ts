import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Comparison, compare, type GroupRow } from './compare';
import { PLACES } from './options';
import { type PlaceResult, readResult } from './run';

/** Writes `report.json` and `report.md` from the results that are in the folder. @returns the Markdown */
export async function writeReport(out: string): Promise<string> {
  const results = await Promise.all(PLACES.map((place) => readResult(out, place)));
  const [control, inside] = results;
  const comparison = compare(control, inside);
  const runs = results.flatMap((result) => (result === undefined ? [] : [aboutRun(result)]));
  const markdown = renderMarkdown(comparison, runs);
  await writeFile(join(out, 'report.json'), `${JSON.stringify({ runs, ...comparison }, null, 2)}\n`);
  await writeFile(join(out, 'report.md'), markdown);
  return markdown;
}

/** When and how one place was run. */
export type RunFacts = Omit<PlaceResult, 'specs'> & {
  /** Specs that failed beside others and passed alone. */
  readonly passedAlone: number;
};

function aboutRun({ specs, ...facts }: PlaceResult): RunFacts {
  const again = specs.filter(({ outcome }) => outcome.kind === 'passed' && outcome.attempts > 1);
  return { ...facts, passedAlone: again.length };
}

/** The comparison as a document. */
export function renderMarkdown(comparison: Comparison, runs: readonly RunFacts[]): string {
  const { percent, rows, differences, onlyInside, neither } = comparison;
  const share = percent === undefined ? 'There is no control yet.' : `${percent} % of what passes on the host passes.`;
  return [
    '# Conformance inside of a virtual cluster\n',
    `${share}\n`,
    ...runs.map(describeRun),
    '',
    '| group | specs | pass on the host | pass inside | pass at both |',
    '|---|---|---|---|---|',
    ...rows.map(tableRow),
    '',
    ...section(
      'Not passed inside',
      differences.map(
        ({ text, inside, reason }) =>
          `- ${text}\n  - ${inside}${reason === undefined ? '' : `\n  - reason: ${reason}`}`,
      ),
    ),
    ...section(
      'Passed inside only',
      onlyInside.map((text) => `- ${text}`),
    ),
    ...section(
      'Passed at neither',
      neither.map(({ text, control }) => `- ${text}\n  - on the host: ${control}`),
    ),
  ].join('\n');
}

function tableRow({ sig, specs, control, inside, both }: GroupRow): string {
  return `| ${sig} | ${specs} | ${control} | ${inside} | ${both} |`;
}

function describeRun({ place, date, minutes, procs, focus, excluded, passedAlone }: RunFacts): string {
  const where = place === 'control' ? 'On the host' : 'Inside';
  const what = focus === undefined ? '' : `, only \`${focus}\``;
  return (
    `- ${where}: ${date.slice(0, 10)}, ${minutes} minutes with ${procs} processes${what}; ${passedAlone} passed only when ` +
    `run alone; ${excluded} excluded as Serial or Disruptive.`
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title} (${lines.length})\n`, ...lines, ''];
}
