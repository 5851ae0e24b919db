import { cpus, totalmem } from 'node:os';
import { formatTable } from '../../cli/terminal/table';
import type { OutputFormat } from './options';

/** What a figure should be, where the project has set itself a target. */
export type Target = { readonly below: number } | { readonly atMost: number };

/** One measured number. */
export interface Figure {
  /** Stable name, for programs that compare runs. */
  readonly id: string;
  /** What was measured, for people. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
  /** What the number is made of: single runs, a grouping. */
  readonly detail?: string;
}

/** Where, when and how figures were measured. */
export interface Circumstances {
  readonly date: string;
  readonly quick: boolean;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  /** Mean number of runnable processes in the last minute when the benchmark began: others disturb it. */
  readonly load: number;
  /** Other embedded host clusters on the machine: they take processor time even when idle. */
  readonly otherHosts: number;
}

/** The circumstances of a run that begins now. */
export function circumstances(now: Date, quick: boolean, load: number, otherHosts: number): Circumstances {
  return {
    date: now.toISOString(),
    quick,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load,
    otherHosts,
  };
}

/** The report in the wanted form, with a newline at its end. */
export function renderReport(figures: readonly Figure[], around: Circumstances, format: OutputFormat): string {
  if (format === 'json') {
    const judged = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
    return `${JSON.stringify({ ...around, figures: judged }, null, 2)}\n`;
  }
  const table = format === 'markdown' ? markdownTable(figures) : formatTable(COLUMNS, figures);
  return `${table}\n\n${describe(around)}\n`;
}

/** Whether a figure reaches its target; `undefined` where it has none. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'below' in target ? value < target.below : value <= target.atMost;
}

const COLUMNS = [
  { title: 'MEASURED', value: ({ what }: Figure) => what },
  { title: 'VALUE', value: ({ value, unit }: Figure) => `${round(value)} ${unit}`.trim() },
  { title: 'TARGET', value: describeTarget },
  { title: 'DETAIL', value: ({ detail = '' }: Figure) => detail },
] as const;

function describeTarget(figure: Figure): string {
  const { target, unit } = figure;
  if (target === undefined) return '';
  const wanted = 'below' in target ? `< ${target.below} ${unit}` : `<= ${target.atMost}`;
  return `${wanted.trim()}: ${isMet(figure) ? 'met' : 'missed'}`;
}

function markdownTable(figures: readonly Figure[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    row(COLUMNS.map(({ title }) => title.charAt(0) + title.slice(1).toLowerCase())),
    row(COLUMNS.map(() => '---')),
    ...figures.map((figure) => row(COLUMNS.map(({ value }) => value(figure)))),
  ].join('\n');
}

function describe({ date, quick, cores, memoryGiB, node, load, otherHosts }: Circumstances): string {
  const kind = quick ? 'Quick run' : 'Full run';
  const machine = `${cores} cores, ${memoryGiB} GiB, Node ${node}`;
  return `${kind} of ${date}: ${machine}; load ${round(load)} at the beginning, ${otherHosts} other host clusters up.`;
}

/** Three digits that count: no measurement here is more exact. */
function round(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
