import { type ErrorCode, SubletError, toSubletError } from '../../lib/contract';
import { SpecError } from '../../lib/spec';
import type { Report } from './output';
import type { Style } from './style';

/** What a command's end tells the shell: 0 it worked, 1 it failed, 2 it was asked wrongly, 3 something is not ready. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notReady: 3,
  /** Of `plan --exit-code`, as diff tools have it. */ differs: 2,
} as const;

const EXIT_OF_CODE: { readonly [code in ErrorCode]?: number } = {
  USAGE: EXIT.usage,
  NAME_INVALID: EXIT.usage,
  SPEC_INVALID: EXIT.usage,
  MANIFEST_INVALID: EXIT.usage,
  NOT_READY: EXIT.notReady,
};

/** The exit code for an error. */
export function exitCodeOf(error: SubletError): number {
  return EXIT_OF_CODE[error.code] ?? EXIT.failure;
}

/**
 * The text for any thrown thing, the one place that words errors: what went wrong and where, then what to do next.
 * With `verbose` the causes and the stack follow.
 */
export function formatError(thrown: unknown, style: Style, verbose = false): string {
  const known = thrown instanceof SubletError;
  const error = toSubletError(thrown, 'API_ERROR', known ? undefined : 'unexpected');
  const [first = '', ...rest] = error.message.split('\n');
  const code = known ? ` ${style.dim(`[${error.code}]`)}` : '';
  const lines = [`${style.red(style.bold('error'))} ${first}${code}`, ...rest];
  if (error.hint !== undefined) lines.push(...indentRest(`${style.cyan('next')}  ${error.hint}`));
  if (verbose) lines.push(...causesOf(error).map((cause) => style.dim(`caused by: ${cause}`)));
  if (verbose && error.stack !== undefined) lines.push(style.dim(error.stack));
  return `${lines.join('\n')}\n`;
}

/** An error as programs read it. */
export interface ErrorItem {
  /** Stable, see `ERROR_CODES`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Wrong fields of a declaration, each with its path. */
  readonly issues?: readonly object[];
}

/** Any thrown thing as data, for `--output json` and `yaml`. */
export function reportError(thrown: unknown): Report<ErrorItem> {
  const error = toSubletError(thrown, 'API_ERROR');
  const { code, message, hint } = error;
  const issues = error instanceof SpecError ? error.issues : undefined;
  const item = { code, message, ...(hint !== undefined && { hint }), ...(issues && { issues }) };
  return { kind: 'Error', single: true, items: [item], columns: [], empty: '' };
}

function causesOf(error: Error): readonly string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(cause.message);
  }
  return causes;
}

function indentRest(text: string): readonly string[] {
  return text.split('\n').map((line, index) => (index === 0 ? line : `      ${line}`));
}
