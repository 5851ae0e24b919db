import { createReport } from '../../../syncer/app/report';
import type { Outcome } from '../../../syncer/engine/kind';
import { createLogger } from '../../../syncer/observability/logger';
import { createMetrics } from '../../../syncer/observability/metrics';

/** How many repairs are counted when a patrol, or something else, ends in this outcome. */
async function repairsAfter(outcome: Outcome, patrolled: boolean): Promise<number> {
  const metrics = createMetrics();
  createReport(createLogger({ cluster: 'test', level: 'error' }), metrics).finished(
    'pods',
    'a/b',
    outcome,
    1,
    patrolled,
  );
  const { body } = await metrics.exposition();
  return Number(/^sublet_patrol_repairs_total\{controller="pods"\} (\d+)$/m.exec(body)?.[1] ?? 0);
}

describe('the repairs of the patrol', () => {
  it.each<[Outcome, number]>([
    [{ kind: 'created' }, 1],
    [{ kind: 'patched' }, 1],
    [{ kind: 'deleted' }, 1],
    [{ kind: 'recreating', reason: 'a field cannot change' }, 1],
    [{ kind: 'unchanged' }, 0],
    [{ kind: 'waiting', reason: 'its Service is missing' }, 0],
    [{ kind: 'refused', reason: 'HostPath' }, 0],
    [{ kind: 'conflict', reason: 'NameTaken' }, 0],
    [{ kind: 'unconfirmed' }, 0],
  ])('are what it wrote: %j counts %d', async (outcome, expected) => {
    expect(await repairsAfter(outcome, true)).toBe(expected);
  });

  it('do not include what a change had asked for', async () => {
    expect(await repairsAfter({ kind: 'patched' }, false)).toBe(0);
  });
});
