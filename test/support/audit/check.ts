import { auditEvents } from './events';
import { grantsOf } from './grants';
import { reportRights } from './rights';
import { complaints } from './unused-rights';

/**
 * Says on stderr which rights syncers lacked in a run or, in a whole one, had without need, and lets the run end with an
 * error. It does not throw: jest would then leave the hosts of further projects up.
 * @param directory of the host
 * @param since when the run began, in milliseconds since 1970
 */
export async function checkRights(
  directory: string,
  since: number,
  expected: 'no right is missing' | 'all rights are used',
): Promise<void> {
  const events = await auditEvents(directory, { since });
  const report = reportRights(events, grantsOf(events));
  const wrong = complaints(report, expected);
  if (wrong.length === 0) return;
  console.error(
    `The rights of syncers, by the audit log of their host:\n${wrong.map((line) => `  ${line}\n`).join('')}`,
  );
  process.exitCode = 1;
}
