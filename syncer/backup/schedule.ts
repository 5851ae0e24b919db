import type { BackupStatus } from '../../lib/contract';

const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 30 * 60_000;

/** When the next backup is due, in milliseconds since 1970: a period after the last one, or sooner after a failure. */
export function nextDue({ last, failure }: BackupStatus, everySeconds: number, now: number): number {
  const regular = last === undefined ? now : Date.parse(last.takenAt) + everySeconds * 1_000;
  if (failure === undefined) return regular;
  const wait = Math.min(LAST_RETRY_MS, everySeconds * 1_000, FIRST_RETRY_MS * 2 ** (failure.attempts - 1));
  return Math.max(regular, Date.parse(failure.at) + wait);
}

/** The status after a failure. What was stored before stays the last good one. */
export function afterFailure(status: BackupStatus, code: string, message: string, at: Date): BackupStatus {
  const attempts = (status.failure?.attempts ?? 0) + 1;
  const failure = { at: at.toISOString(), attempts, code, message };
  return { ...(status.last && { last: status.last }), failure };
}
