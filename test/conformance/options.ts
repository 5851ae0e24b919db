import { parseArgs } from 'node:util';
import { SubletError } from '../../lib/contract';

/** Where specs run: on the bare host as a control, or inside of a virtual cluster. */
export const PLACES = ['control', 'inside'] as const;
export type Place = (typeof PLACES)[number];

/** What `npm run conformance` is asked for on its command line. */
export interface ConformanceOptions {
  /** @default both, the control first */
  readonly places: readonly Place[];
  /** Only conformance specs whose full text matches this expression. @default all conformance specs */
  readonly focus: string | undefined;
  /** Specs that run at a time. @default 4 */
  readonly procs: number;
  /** Minutes that one run may take. @default 90 */
  readonly limitMinutes: number;
  /** Whether the host stays up afterwards, and one that is there is used. @default false */
  readonly keepHost: boolean;
  /** Whether failed specs are run once more, alone, before they count as failed. @default true */
  readonly retry: boolean;
  /** Folder of the results. A place that is not run now keeps its earlier result there. @default 'conformance-results' */
  readonly out: string;
}

const HINT =
  'Use [--only control|inside] [--focus EXPRESSION] [--procs N] [--limit MINUTES] [--keep-host] [--no-retry] [--out DIR].';

/**
 * Reads the command line.
 * @throws SubletError `USAGE`
 */
export function parseOptions(args: readonly string[]): ConformanceOptions {
  const { only, focus, procs, limit, out, ...flags } = readFlags(args);
  return {
    places: only === undefined ? PLACES : [placeOf(only)],
    focus: focus === undefined ? undefined : checkedExpression(focus),
    procs: positive('--procs', procs),
    limitMinutes: positive('--limit', limit),
    keepHost: flags['keep-host'],
    retry: flags.retry,
    out,
  };
}

function placeOf(word: string): Place {
  const place = PLACES.find((known) => known === word);
  if (place === undefined) throw usage(`--only ${word} is not known`);
  return place;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw usage(`${flag} ${text} is not a number above 0`);
  return value;
}

/** Ginkgo's expressions are Go's; those that both understand will do. */
function checkedExpression(text: string): string {
  try {
    new RegExp(text);
    return text;
  } catch (cause) {
    throw usage(`--focus ${text} is not a regular expression`, cause);
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        only: { type: 'string' },
        focus: { type: 'string' },
        procs: { type: 'string', default: '4' },
        limit: { type: 'string', default: '90' },
        'keep-host': { type: 'boolean', default: false },
        retry: { type: 'boolean', default: true },
        out: { type: 'string', default: 'conformance-results' },
      },
    }).values;
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function usage(message: string, cause?: unknown): SubletError {
  return new SubletError('USAGE', message, { hint: HINT, ...(cause === undefined ? {} : { cause }) });
}
