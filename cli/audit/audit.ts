import { BOUNDARY_CHECKS } from './boundaries';
import { POD_CHECKS } from './pods';
import { RIGHTS_CHECKS } from './rights';
import type { AuditCheck, AuditEntry, AuditFacts, AuditResult } from './types';

/** Every check, in the order in which they are shown. */
export const AUDIT_CHECKS: readonly AuditCheck[] = [...BOUNDARY_CHECKS, ...POD_CHECKS, ...RIGHTS_CHECKS];

/** Checks a live cluster against what SECURITY.md promises. */
export function audit(facts: AuditFacts): readonly AuditEntry[] {
  return AUDIT_CHECKS.map(({ id, promise, check }) => {
    const result = check(facts);
    const problems = 'problems' in result ? result.problems : [];
    return { check: id, promise, outcome: result.outcome, problems, note: noteOf(result) };
  });
}

function noteOf(result: AuditResult): string {
  switch (result.outcome) {
    case 'pass':
      return '';
    case 'skipped':
      return result.why;
    case 'warn':
    case 'fail':
      return result.hint;
  }
}
