import fc from 'fast-check';
import { start } from './support/reflecting';

it('ends up with what the server has, whatever happens, and its changes tell the whole story', async () => {
  const fault = fc.constantFrom(
    'break',
    'mid-line',
    'end',
    'expire',
    'compact',
    'relist',
    'refuse',
    'bookmark',
    'none',
  );
  const step = fc.record({
    fault,
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    value: fc.option(fc.nat(9)),
    wait: fc.boolean(),
  });
  const streaming = fc.constantFrom('supported' as const, 'refused' as const);
  await fc.assert(
    fc.asyncProperty(streaming, fc.array(step, { maxLength: 25 }), async (mode, steps) => {
      await using it = await start({}, (api) => {
        api.streaming = mode;
      });
      const told = new Map<string | undefined, number | undefined>();
      it.reflector.subscribe((change) => {
        if (change.kind === 'deleted') told.delete(change.previous.metadata.name);
        else told.set(change.object.metadata.name, change.object.value);
      });
      for (const { fault, name, value, wait } of steps) {
        it.api.refuse = undefined;
        if (fault === 'break') it.api.breakAll();
        if (fault === 'mid-line') it.api.breakMidLine();
        if (fault === 'end') it.api.endWatches();
        if (fault === 'expire') it.api.expireWatches();
        if (fault === 'compact') it.api.compact();
        if (fault === 'refuse') it.api.refuse = 503;
        if (fault === 'bookmark') it.api.bookmark();
        if (fault === 'relist') it.reflector.relist(AbortSignal.timeout(1000)).catch(() => undefined);
        if (value === null) it.api.delete(name);
        else it.api.put(name, value);
        if (wait) await new Promise((resolve) => setTimeout(resolve, 3));
      }
      it.api.refuse = undefined;
      it.api.put('last', 1);
      await it.caughtUp();
      const expected = Object.fromEntries([...it.api.objects].map(([name, object]) => [name, object.value]));
      expect(it.values()).toEqual(expected);
      expect(Object.fromEntries(told)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
}, 60_000);
