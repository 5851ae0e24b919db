import { type BackupStatus, type ScheduledBackups, SubletError, toSubletError } from '../../lib/contract';
import { pause } from '../kube/abort';
import type { KubeClient } from '../kube/types';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';
import { type BackupSource, backUp } from './back-up';
import { tellFailure } from './failure-event';
import { afterFailure, nextDue } from './schedule';
import { readStatus, type StatusOwner, writeStatus } from './status';

/** What scheduled backups work with. */
export interface BackupParts {
  readonly section: ScheduledBackups;
  readonly owner: StatusOwner;
  readonly kubernetes: string;
  readonly host: KubeClient;
  /**
   * UID of the virtual `kube-system`.
   * @throws SubletError while it is not known, or the store looks blank, replaced or restored
   */
  readonly uid: () => string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A timer of Node ends at 24 days, and a clock may be set meanwhile. */
const LONGEST_WAIT_MS = 60_000;

/** Saves the store whenever that is due, until `signal` aborts. Only the leading syncer may do it. */
export async function runBackups(parts: BackupParts, signal: AbortSignal): Promise<void> {
  const { section, owner, host, logger } = parts;
  const metrics = backupMetrics(parts.metrics);
  let status = await known(parts, signal);
  metrics.show(status);
  while (!signal.aborted) {
    const due = nextDue(status, section.everySeconds, Date.now());
    if (due > Date.now()) {
      await pause(Math.min(LONGEST_WAIT_MS, due - Date.now()), signal);
      continue;
    }
    try {
      const last = await backUp(section, sourceOf(parts), signal);
      status = { last };
      metrics.succeeded();
      logger.info({ ...last }, 'the store was saved');
    } catch (thrown) {
      if (signal.aborted) return;
      const { code, message } = toSubletError(thrown, 'API_ERROR');
      status = afterFailure(status, code, message, new Date());
      metrics.failed();
      logger.error({ code, attempts: status.failure?.attempts, err: thrown }, 'the store could not be saved');
      tellFailure(host, owner, message, signal, logger);
    }
    status = { ...status, nextAt: new Date(nextDue(status, section.everySeconds, Date.now())).toISOString() };
    metrics.show(status);
    await writeStatus(host, owner, status, signal).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'what became of the backup could not be noted');
    });
  }
}

function sourceOf({ owner, host, uid, kubernetes }: BackupParts): BackupSource {
  const { cluster, namespace } = owner;
  return { cluster, namespace, uid: uid(), kubernetes, host, now: () => new Date() };
}

/** Without what is known of earlier backups another one is made at once, which is no harm; but not in a loop. */
async function known({ host, owner, logger }: BackupParts, signal: AbortSignal): Promise<BackupStatus> {
  for (;;) {
    try {
      return await readStatus(host, owner, signal);
    } catch (error) {
      if (signal.aborted) return {};
      logger.warn({ err: error }, 'what became of earlier backups could not be read');
      await pause(LONGEST_WAIT_MS / 6, signal);
    }
  }
}

/** @throws SubletError `DELETION_BRAKE`: what is stored now may not be what is worth keeping */
export function refuseDoubtful(brake: string | undefined): void {
  if (brake === undefined) return;
  throw new SubletError('DELETION_BRAKE', `the virtual store looks ${brake}: it is not saved before that is accepted`, {
    hint: 'see docs/guides/backup.md',
  });
}

function backupMetrics(metrics: Metrics) {
  const last = metrics.gauge({
    name: 'sublet_backup_last_success_timestamp_seconds',
    help: 'When the last backup that is stored was begun, in seconds since 1970. 0 before the first one.',
  });
  const size = metrics.gauge({ name: 'sublet_backup_size_bytes', help: 'Size of the last backup.' });
  const duration = metrics.gauge({ name: 'sublet_backup_duration_seconds', help: 'How long the last backup took.' });
  const total = metrics.counter({
    name: 'sublet_backups_total',
    help: 'Backups by how they ended.',
    labels: ['outcome'],
  });
  return {
    succeeded: () => total.inc({ outcome: 'stored' }),
    failed: () => total.inc({ outcome: 'failed' }),
    show(status: BackupStatus) {
      last.set(status.last === undefined ? 0 : Date.parse(status.last.takenAt) / 1_000);
      size.set(status.last?.size ?? 0);
      duration.set(status.last?.seconds ?? 0);
    },
  };
}
