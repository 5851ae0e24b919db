import { type ErrorCode, SubletError, toSubletError } from '../../lib/contract';
import type { Style } from './style';

/** What a command's end tells the shell: 0 it worked, 1 it failed, 2 it was asked wrongly, 3 something is not ready. */
export const EXIT = { ok: 0, failure: 1, usage: 2, notReady: 3 } as const;

const EXIT_OF_CODE: { readonly [code in ErrorCode]?: number } = {
  USAGE: EXIT.usage,
  NAME_INVALID: EXIT.usage,
  SPEC_INVALID: EXIT.usage,
  NOT_READY: EXIT.notReady,
};

/** The exit code for an error. */
export function exitCodeOf(error: SubletError): number {
  return EXIT_OF_CODE[error.code] ?? EXIT.failure;
}

/** One wrong field of a declaration, as `SpecError` of lib/spec carries it. */
interface Issue {
  readonly path: string | readonly PropertyKey[];
  readonly message: string;
  readonly value?: unknown;
  readonly allowed?: unknown;
}

/**
 * The text for any thrown thing, the one place that words errors: what went wrong, where, and what to do next.
 * With `verbose` the causes and the stack follow.
 */
export function formatError(thrown: unknown, style: Style, verbose = false): string {
  const error = toSubletError(thrown, 'API_ERROR', thrown instanceof SubletError ? undefined : 'unexpected');
  const lines = [`${style.red(style.bold('error'))} ${error.message} ${style.dim(`[${error.code}]`)}`];
  for (const issue of issuesOf(error)) lines.push(`  ${formatIssue(issue, style)}`);
  if (error.hint !== undefined) lines.push(...indentRest(`${style.cyan('next')}  ${error.hint}`));
  if (verbose) lines.push(...causesOf(error).map((cause) => style.dim(`caused by: ${cause}`)));
  if (verbose && error.stack !== undefined) lines.push(style.dim(error.stack));
  return `${lines.join('\n')}\n`;
}

function formatIssue(issue: Issue, style: Style): string {
  const path = typeof issue.path === 'string' ? issue.path : issue.path.map(String).join('.');
  const value = issue.value === undefined ? '' : ` ${style.dim(`(it is ${JSON.stringify(issue.value)})`)}`;
  const allowed = issue.allowed === undefined ? '' : `; allowed: ${listOf(issue.allowed)}`;
  return `${style.bold(path === '' ? '(whole)' : path)}: ${issue.message}${allowed}${value}`;
}

function listOf(allowed: unknown): string {
  return Array.isArray(allowed) ? allowed.map(String).join(', ') : String(allowed);
}

function issuesOf(error: SubletError): readonly Issue[] {
  return 'issues' in error && Array.isArray(error.issues) ? error.issues.filter(isIssue) : [];
}

function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('message' in value)) return false;
  return (typeof value.path === 'string' || Array.isArray(value.path)) && typeof value.message === 'string';
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
