import type { AuditResult } from './types';

/** A result by what was found: nothing passes. */
export function found(outcome: 'warn' | 'fail', problems: readonly string[], hint: string): AuditResult {
  return problems.length === 0 ? { outcome: 'pass' } : { outcome, problems, hint };
}
