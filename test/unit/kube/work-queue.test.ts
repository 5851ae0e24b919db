import fc from 'fast-check';
import { createWorkQueue } from '../../../syncer/kube/work-queue';
import { runWorkers } from '../../../syncer/kube/workers';
import { ManualClock, settle } from './support/manual-clock';

const forever = new AbortController().signal;

describe('a work queue', () => {
  it('hands out keys in order of arrival, each once', async () => {
    const queue = createWorkQueue();
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(queue.depth).toBe(3);
    expect([await queue.get(forever), await queue.get(forever), await queue.get(forever)]).toEqual(['a', 'b', 'c']);
  });

  it('gives a key that is added while a worker has it only after that worker is done', async () => {
    const queue = createWorkQueue();
    queue.add('a');
    await queue.get(forever);
    queue.add('a');
    queue.add('a');
    const next = queue.get(forever);
    let taken = false;
    void next.then(() => {
      taken = true;
    });
    await settle();
    expect(taken).toBe(false);
    queue.done('a');
    await expect(next).resolves.toBe('a');
    queue.done('a');
    expect(queue.depth).toBe(0);
  });

  it('lets waiting workers go when they are stopped', async () => {
    const queue = createWorkQueue();
    const stop = new AbortController();
    const waiting = queue.get(stop.signal);
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
    queue.add('a');
    await expect(queue.get(forever)).resolves.toBe('a');
  });

  it('adds later at the earliest of the times that were named', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    queue.addAfter('a', 100);
    queue.addAfter('a', 30);
    queue.addAfter('a', 60);
    await clock.advance(29);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [0, 5],
    [1, 10],
    [5, 160],
    [13, 40_960],
    [14, 60_000],
    [2000, 60_000],
  ])('after %i failures waits between half and all of %i ms', async (failures, bound) => {
    for (const [random, factor] of [
      [0, 0.5],
      [1, 1],
    ] as const) {
      const clock = new ManualClock();
      const queue = createWorkQueue({ clock, random: () => random });
      for (let i = 0; i < failures; i += 1) queue.addRateLimited('a');
      await clock.advance(120_000);
      if (queue.depth > 0) queue.done((await queue.get(forever)) ?? '');
      queue.addRateLimited('a');
      await clock.advance(bound * factor - 0.1);
      expect(queue.depth).toBe(0);
      await clock.advance(0.2);
      expect(queue.depth).toBe(1);
      queue.forget('a');
      expect(queue.failures('a')).toBe(0);
    }
  });

  it('drains when it is shut down: takes nothing more, gives out what it has, drops what is not due', async () => {
    const clock = new ManualClock();
    const queue = createWorkQueue({ clock });
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    await queue.get(forever);
    queue.add('a');
    let drained = false;
    const end = queue.shutDown().then(() => {
      drained = true;
    });
    queue.add('d');
    expect(await queue.get(forever)).toBe('b');
    queue.done('b');
    queue.done('a');
    expect(await queue.get(forever)).toBe('a');
    await settle();
    expect(drained).toBe(false);
    queue.done('a');
    await end;
    expect(await queue.get(forever)).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('never gives a key to two workers at once, and loses none', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      how: fc.constantFrom('add' as const, 'after' as const, 'limited' as const),
      ms: fc.nat(20),
      pause: fc.nat(5),
    });
    const plan = fc.record({
      steps: fc.array(step, { maxLength: 60 }),
      workers: fc.integer({ min: 1, max: 4 }),
      fails: fc.array(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, workers, fails }) => {
        const clock = new ManualClock();
        const queue = createWorkQueue({ clock });
        const held = new Set<string>();
        /** What was asked for of a key, and what a worker that began later has seen. */
        const wanted = new Map<string, number>();
        const handled = new Map<string, number>();
        let turn = 0;
        const handler = async (key: string) => {
          expect(held.has(key)).toBe(false);
          held.add(key);
          const seen = wanted.get(key) ?? 0;
          await new Promise<void>((resolve) => void clock.after(turn % 3, resolve));
          held.delete(key);
          turn += 1;
          if (fails[turn % Math.max(1, fails.length)] && turn < 100) throw new Error('try again');
          handled.set(key, seen);
          return { kind: 'done' as const };
        };
        const running = runWorkers(queue, workers, handler, forever);
        for (const [number, { key, how, ms, pause }] of steps.entries()) {
          wanted.set(key, number);
          if (how === 'add') queue.add(key);
          else if (how === 'after') queue.addAfter(key, ms);
          else queue.addRateLimited(key);
          await clock.advance(pause);
        }
        await clock.advance(200 * 60_000);
        expect(handled).toEqual(wanted);
        await queue.shutDown();
        await running;
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
