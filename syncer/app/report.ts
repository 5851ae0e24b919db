import { SubletError } from '../../lib/contract';
import type { ControllerReport } from '../engine/controller';
import type { Outcome } from '../engine/kind';
import { splitKey } from '../engine/side';
import { ApiError } from '../kube/api-error';
import type { Logger } from '../observability/logger';
import { LATENCY_BUCKETS, type Metrics } from '../observability/metrics';

/** Outcomes in which something was written: an object that is refused at every look was not repaired. */
const WRITTEN: ReadonlySet<Outcome['kind']> = new Set(['created', 'patched', 'deleted', 'recreating']);

/** Turns what controllers do into metrics and log lines. */
export function createReport(logger: Logger, metrics: Metrics): ControllerReport {
  const duration = metrics.histogram(
    { name: 'sublet_reconcile_seconds', help: 'How long one reconcile took.', labels: ['controller'] },
    LATENCY_BUCKETS,
  );
  const outcomes = metrics.counter({
    name: 'sublet_reconciles_total',
    help: 'Reconciles by how they ended.',
    labels: ['controller', 'outcome'],
  });
  const repairs = metrics.counter({
    name: 'sublet_patrol_repairs_total',
    help: 'Differences that only the patrol found. Zero in a correct engine.',
    labels: ['controller'],
  });
  return {
    finished(controller, key, outcome, milliseconds, patrolled) {
      duration.observe({ controller }, milliseconds / 1000);
      outcomes.inc({ controller, outcome: outcome.kind });
      const subject = { controller, ...splitKey(key) };
      if (patrolled && WRITTEN.has(outcome.kind)) {
        repairs.inc({ controller });
        logger.warn({ ...subject, outcome }, 'the patrol found a difference');
      }
      if (outcome.kind === 'refused' || outcome.kind === 'conflict') {
        logger.warn({ ...subject, outcome }, 'an object does not reach the host');
      } else if (outcome.kind !== 'unchanged') logger.debug({ ...subject, outcome }, 'reconciled');
    },
    failed(controller, key, error, attempt) {
      outcomes.inc({ controller, outcome: 'failed' });
      const code = error instanceof SubletError ? error.code : undefined;
      const status = error instanceof ApiError ? error.status : undefined;
      const fields = { controller, ...splitKey(key), code, status, attempt, err: error };
      if (attempt > 3) logger.warn(fields, 'an object could not be reconciled yet');
      else logger.debug(fields, 'an object will be reconciled again');
    },
  };
}
