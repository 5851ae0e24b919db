import { apiErrorOfAnswer } from '../../../syncer/kube/api-error';
import { createWorkQueue } from '../../../syncer/kube/work-queue';
import { runWorkers, type WorkResult } from '../../../syncer/kube/workers';
import { ManualClock, settle } from './support/manual-clock';

const done: WorkResult = { kind: 'done' };

function setUp() {
  const clock = new ManualClock();
  return { clock, queue: createWorkQueue({ clock, random: () => 1 }), stop: new AbortController() };
}

describe('workers', () => {
  it('are as many as asked for', async () => {
    const { queue, stop } = setUp();
    let active = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const running = runWorkers(
      queue,
      3,
      async () => {
        active += 1;
        most = Math.max(most, active);
        await gate.promise;
        active -= 1;
        return done;
      },
      stop.signal,
    );
    for (const key of 'abcdef') queue.add(key);
    await settle();
    gate.resolve();
    await queue.shutDown();
    await running;
    expect(most).toBe(3);
  });

  it('come back to a key that failed, and report each failure', async () => {
    const { queue, stop, clock } = setUp();
    const failures: string[] = [];
    let attempts = 0;
    const handler = async (): Promise<WorkResult> => {
      attempts += 1;
      if (attempts < 4) throw new Error(`failure ${attempts}`);
      return done;
    };
    const running = runWorkers(queue, 1, handler, stop.signal, (key, error) => failures.push(`${key}: ${error}`));
    queue.add('a');
    await clock.advance(5 + 10 + 20);
    expect(failures).toEqual(['a: Error: failure 1', 'a: Error: failure 2', 'a: Error: failure 3']);
    expect(attempts).toBe(4);
    expect(queue.failures('a')).toBe(0);
    stop.abort();
    await running;
  });

  it('wait as long as a busy server asks', async () => {
    const { queue, stop, clock } = setUp();
    let attempts = 0;
    const handler = async (): Promise<WorkResult> => {
      attempts += 1;
      throw apiErrorOfAnswer({ method: 'POST', path: '/x' }, { status: 429, retryAfter: '7', body: '' });
    };
    const running = runWorkers(queue, 1, handler, stop.signal);
    queue.add('a');
    await clock.advance(6_999);
    expect(attempts).toBe(1);
    await clock.advance(1);
    expect(attempts).toBe(2);
    stop.abort();
    await running;
  });

  it('look again when a handler asks for it, without calling that a failure', async () => {
    const { queue, stop, clock } = setUp();
    let attempts = 0;
    const handler = async (): Promise<WorkResult> => {
      attempts += 1;
      return attempts === 1 ? { kind: 'again', afterMs: 1000 } : done;
    };
    const running = runWorkers(queue, 1, handler, stop.signal);
    queue.add('a');
    await clock.advance(1000);
    expect(attempts).toBe(2);
    stop.abort();
    await running;
  });

  it('finish what they have when they are stopped', async () => {
    const { queue, stop } = setUp();
    const gate = Promise.withResolvers<void>();
    let finished = false;
    const running = runWorkers(
      queue,
      1,
      async () => {
        await gate.promise;
        finished = true;
        return done;
      },
      stop.signal,
    );
    queue.add('a');
    queue.add('b');
    await settle();
    stop.abort();
    gate.resolve();
    await running;
    expect(finished).toBe(true);
    expect(queue.depth).toBe(1);
  });
});
