import { SubletError } from '../contract';

/** One thing that is wrong with a declaration. */
export interface SpecIssue {
  /** Where: `store.persistence.size`, `controlPlane.extraSans[2]`; empty for the declaration as a whole. */
  readonly path: string;
  /** What stands there; `undefined` when nothing does. */
  readonly value: unknown;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** What was probably meant, or what to do. */
  readonly hint?: string;
}

/** A declaration that cannot be deployed, with everything that is wrong with it. Its code is `SPEC_INVALID`. */
export class SpecError extends SubletError {
  override readonly name = 'SpecError';

  /** An error about a declaration; its message lists every issue. */
  constructor(
    /** Everything that is wrong, in the order of the declaration's fields. */
    readonly issues: readonly SpecIssue[],
    /** What is declared, for the first line: `virtual cluster "team-a"`. */
    subject: string,
  ) {
    super('SPEC_INVALID', describe(issues, subject));
  }
}

function describe(issues: readonly SpecIssue[], subject: string): string {
  const count = issues.length === 1 ? 'one problem' : `${issues.length} problems`;
  return [`${subject}: ${count} in its declaration`, ...issues.map((issue) => `  ${describeIssue(issue)}`)].join('\n');
}

/** How much of a text is quoted. */
const LONGEST_QUOTE = 80;

/** One issue as a line: where, what stands there, what is wrong, what is allowed, what was meant. */
export function describeIssue({ path, value, message, allowed, hint }: SpecIssue): string {
  const found = value === undefined || typeof value === 'object' ? '' : ` (${quoted(value)})`;
  const tail = [allowed === undefined ? '' : `; allowed: ${allowed}`, hint === undefined ? '' : `; ${hint}`].join('');
  return `${path === '' ? 'declaration' : path}${found}: ${message}${tail}`;
}

function quoted(value: unknown): string {
  return JSON.stringify(
    typeof value === 'string' && value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value,
  );
}
