import * as z from 'zod';
import type { IsolationSection } from '../contract';

/** A level of the Pod Security Standards, as Kubernetes' own admission knows it, or `none` for no rule of ours. */
export type AdmittedLevel = 'baseline' | 'restricted' | 'privileged' | 'none';

/** The schema of {@link AdmittedLevel}. */
export const admittedLevelSchema = z.enum(['baseline', 'restricted', 'privileged', 'none']);

/**
 * The level for admission on both sides that follows from what is declared of isolation. Admission knows no exceptions
 * by field: where there are any, the syncer decides alone.
 */
export function admittedLevel(isolation: IsolationSection): AdmittedLevel {
  if (isolation.level === 'off') return 'none';
  const exceptions = Object.values(isolation.podSecurity.allow).some((allowed) => allowed.length > 0);
  return exceptions ? 'privileged' : isolation.level;
}
