import { stringify } from 'yaml';
import type { Column } from './table';
import { formatTable } from './table';

/** The forms in which commands print data. */
export const OUTPUT_FORMATS = ['table', 'json', 'yaml'] as const;

/** One of {@link OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Version of the shape of JSON and YAML output. Fields are only ever added under the same version. */
export const OUTPUT_VERSION = 'sublet.dev/cli/v1';

/** Data that a command prints: one shape for programs, and columns for people. */
export interface Report<Row extends object> {
  /** `ClusterList`, `HostStatus`, …; with {@link OUTPUT_VERSION} it names the shape. */
  readonly kind: string;
  readonly items: readonly Row[];
  /** Whether this is one thing, not a list: its fields stand at the top. @default false */
  readonly single?: boolean;
  readonly columns: readonly Column<Row>[];
  /** What the table says where there is nothing. */
  readonly empty: string;
}

/** The format that a command line asks for, where it could not be parsed as a whole. */
export function requestedFormat(argv: readonly string[]): OutputFormat {
  const end = argv.indexOf('--');
  const own = (end < 0 ? argv : argv.slice(0, end)).join('\n');
  const asked = /(?:^|\n)(?:-o|--output)[\n=]?(json|yaml)(?:\n|$)/.exec(own)?.[1];
  return OUTPUT_FORMATS.find((format) => format === asked) ?? 'table';
}

/** The text of a report, ending in a line break. */
export function formatReport<Row extends object>(report: Report<Row>, format: OutputFormat): string {
  if (format === 'table') {
    return `${report.items.length === 0 ? report.empty : formatTable(report.columns, report.items)}\n`;
  }
  const head = { apiVersion: OUTPUT_VERSION, kind: report.kind };
  const value = report.single === true ? { ...head, ...report.items[0] } : { ...head, items: report.items };
  return format === 'json'
    ? `${JSON.stringify(value, undefined, 2)}\n`
    : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
