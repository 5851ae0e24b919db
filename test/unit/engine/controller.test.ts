import { Controller, type ControllerReport } from '../../../syncer/engine/controller';
import type { Outcome } from '../../../syncer/engine/kind';
import { RESOURCES } from '../../../syncer/kube/resources';
import { until } from '../kube/support/until';
import { apiError } from './memory-rules';

type Reconcile = (key: string, signal: AbortSignal) => Promise<Outcome>;

const DONE: Outcome = { kind: 'unchanged' };
const WAITING: Outcome = { kind: 'waiting', reason: 'something is missing' };
const conflict = () => apiError('PATCH', RESOURCES.pods, 'web', 409, 'Conflict', 'has been modified');

/** A running controller, what it was asked, and what it reported. Ends with the test. */
function running(reconcile: Reconcile, workers = 2) {
  const asked: string[] = [];
  const finished: { key: string; kind: string; patrolled: boolean }[] = [];
  const failed: { key: string; attempt: number; error: unknown }[] = [];
  const report: ControllerReport = {
    finished: (_name, key, { kind }, _milliseconds, patrolled) => finished.push({ key, kind, patrolled }),
    failed: (_name, key, error, attempt) => failed.push({ key, attempt, error }),
  };
  const stop = new AbortController();
  const controller = new Controller({
    name: 'pods',
    report,
    workers,
    reconcile(key, signal) {
      asked.push(key);
      return reconcile(key, signal);
    },
  });
  const ended = controller.run(stop.signal);
  const end = async () => {
    stop.abort();
    await ended;
  };
  return { controller, asked, finished, failed, [Symbol.asyncDispose]: end };
}

describe('a controller', () => {
  it('works on one key at most once at a time, and again if it changed meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    let together = 0;
    let most = 0;
    await using run = running(async () => {
      together += 1;
      most = Math.max(most, together);
      await gate.promise;
      together -= 1;
      return DONE;
    });
    for (let count = 0; count < 3; count += 1) run.controller.enqueue('shop/web');
    await until(() => run.asked.length === 1);
    run.controller.enqueue('shop/web');
    run.controller.enqueue('shop/web');
    gate.resolve();
    await until(() => run.finished.length === 2);
    expect(run.asked).toHaveLength(2);
    expect(most).toBe(1);
  });

  it('works on different keys side by side', async () => {
    const gate = Promise.withResolvers<void>();
    await using run = running(async () => {
      await gate.promise;
      return DONE;
    });
    for (const key of ['a', 'b', 'c']) run.controller.enqueue(key);
    await until(() => run.asked.length === 2);
    expect(run.controller.depth).toBe(1);
    gate.resolve();
    await until(() => run.finished.length === 3);
  });

  it('tries again what failed, and tells how often, until it worked', async () => {
    let failures = 2;
    await using run = running(async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('no');
      return DONE;
    });
    run.controller.enqueue('shop/web');
    await until(() => run.finished.length === 1);
    expect(run.failed).toMatchObject([
      { key: 'shop/web', attempt: 1, error: { code: 'API_ERROR', message: 'no' } },
      { key: 'shop/web', attempt: 2 },
    ]);
    failures = 1;
    run.controller.enqueue('shop/web');
    await until(() => run.finished.length === 2);
    expect(run.failed.at(-1)?.attempt).toBe(1);
  });

  it('makes nothing of a conflict, which only means that news are under way, unless it stays', async () => {
    let failures = 6;
    await using run = running(async () => {
      failures -= 1;
      if (failures >= 0) throw conflict();
      return DONE;
    });
    run.controller.enqueue('shop/web');
    await until(() => run.finished.length === 1);
    expect(run.failed.map(({ attempt }) => attempt)).toEqual([6]);
  });

  it('ends the key that it has when it is stopped, and takes no other', async () => {
    const gate = Promise.withResolvers<void>();
    const run = running(async () => {
      await gate.promise;
      return DONE;
    }, 1);
    run.controller.enqueue('a');
    run.controller.enqueue('b');
    await until(() => run.asked.length === 1);
    const ended = run[Symbol.asyncDispose]();
    gate.resolve();
    await ended;
    expect(run.finished.map(({ key }) => key)).toEqual(['a']);
  });

  it('does not wait for keys whose time has not come when it is stopped', async () => {
    const run = running(async () => DONE);
    run.controller.enqueueAfter('a', 3_600_000);
    await run[Symbol.asyncDispose]();
    expect(run.asked).toEqual([]);
  });
});

describe('a key that waits for something', () => {
  it('is looked at again when that may have come, and once only', async () => {
    let outcome: Outcome = WAITING;
    await using run = running(async () => outcome);
    run.controller.enqueue('shop/web');
    await until(() => run.finished.length === 1);
    outcome = DONE;
    run.controller.wake();
    await until(() => run.finished.length === 2);
    run.controller.wake();
    run.controller.enqueue('another');
    await until(() => run.finished.length === 3);
    expect(run.asked).toEqual(['shop/web', 'shop/web', 'another']);
  });

  it('is looked at again when that came while it was being looked at', async () => {
    const gate = Promise.withResolvers<void>();
    let looks = 0;
    await using run = running(async () => {
      looks += 1;
      if (looks > 1) return DONE;
      await gate.promise;
      return WAITING;
    });
    run.controller.enqueue('shop/web');
    await until(() => run.asked.length === 1);
    run.controller.wake();
    gate.resolve();
    await until(() => run.finished.length === 2);
    expect(run.finished.map(({ kind }) => kind)).toEqual(['waiting', 'unchanged']);
  });
});

describe('the patrol', () => {
  it('looks at every key, and the report tells that nothing else asked for it', async () => {
    await using run = running(async () => DONE);
    run.controller.patrol(['a', 'b']);
    await until(() => run.finished.length === 2);
    run.controller.enqueue('a');
    await until(() => run.finished.length === 3);
    expect(run.finished).toMatchObject([
      { key: 'a', patrolled: true },
      { key: 'b', patrolled: true },
      { key: 'a', patrolled: false },
    ]);
  });

  it('does not count for a key that has changed as well', async () => {
    await using run = running(async () => DONE);
    run.controller.patrol(['a']);
    run.controller.enqueue('a');
    await until(() => run.finished.length >= 1);
    expect(run.finished.some(({ patrolled }) => patrolled)).toBe(false);
  });

  it('does not count for a key that is under way because of a change', async () => {
    const gate = Promise.withResolvers<void>();
    await using run = running(async () => {
      await gate.promise;
      return DONE;
    }, 1);
    run.controller.enqueue('a');
    run.controller.enqueue('b');
    await until(() => run.asked.length === 1);
    run.controller.patrol(['a', 'b']);
    expect(run.controller.patrolling).toBe(2);
    gate.resolve();
    await until(() => run.finished.length === 3);
    expect(run.finished.some(({ patrolled }) => patrolled)).toBe(false);
    expect(run.controller.patrolling).toBe(0);
  });

  it('counts as under way until the last key has been looked at', async () => {
    const gate = Promise.withResolvers<void>();
    await using run = running(async () => {
      await gate.promise;
      return DONE;
    }, 1);
    run.controller.patrol(['a', 'b']);
    await until(() => run.asked.length === 1);
    expect(run.controller.patrolling).toBe(2);
    gate.resolve();
    await until(() => run.finished.length === 2);
    expect(run.controller.patrolling).toBe(0);
  });
});
