import fc from 'fast-check';
import { ObjectStore } from '../../../syncer/kube/store';
import type { CacheChange, KubeObject } from '../../../syncer/kube/types';

interface Thing extends KubeObject {
  readonly tags: readonly string[];
}
const thing = (name: string, version: number, tags: readonly string[] = [], uid = `u-${name}`): Thing => ({
  metadata: { name, namespace: 'ns', uid, resourceVersion: String(version) },
  tags,
});

describe('the store of a cache', () => {
  it('tells an addition from a modification, with what was there before', () => {
    const store = new ObjectStore<Thing>();
    expect(store.put(thing('a', 1))).toEqual([{ kind: 'added', object: thing('a', 1) }]);
    expect(store.put(thing('a', 2))).toEqual([{ kind: 'modified', object: thing('a', 2), previous: thing('a', 1) }]);
    expect(store.get('ns/a')).toEqual(thing('a', 2));
  });

  it('keeps the object that it has when the same version comes again', () => {
    const store = new ObjectStore<Thing>();
    const first = thing('a', 1);
    store.put(first);
    expect(store.put(thing('a', 1))).toEqual([]);
    expect(store.replace([thing('a', 1)])).toEqual([]);
    expect(store.get('ns/a')).toBe(first);
  });

  it('tells a deletion that was seen from mere absence in a list', () => {
    const store = new ObjectStore<Thing>();
    store.replace([thing('a', 1), thing('b', 1)]);
    expect(store.remove(thing('a', 5))).toEqual([{ kind: 'deleted', previous: thing('a', 5), observed: true }]);
    expect(store.remove(thing('a', 6))).toEqual([]);
    expect(store.replace([])).toEqual([{ kind: 'deleted', previous: thing('b', 1), observed: false }]);
  });

  it('takes a new object under an old name for a deletion, unseen, and an addition', () => {
    const store = new ObjectStore<Thing>();
    store.put(thing('a', 1));
    const other = thing('a', 9, [], 'another');
    expect(store.replace([other])).toEqual([
      { kind: 'deleted', previous: thing('a', 1), observed: false },
      { kind: 'added', object: other },
    ]);
  });

  it('refuses an index that nobody declared', () => {
    expect(() => new ObjectStore<Thing>().byIndex('tags', 'x')).toThrow(TypeError);
  });

  it('agrees with a plain map, indexes included, and its changes alone tell the whole story', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const tags = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'));
    const command = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), name, tags, uid: fc.constantFrom('1', '2') }),
      fc.record({ kind: fc.constant('remove' as const), name }),
      fc.record({
        kind: fc.constant('replace' as const),
        things: fc.uniqueArray(fc.record({ name, tags }), { selector: (each) => each.name }),
      }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const store = new ObjectStore<Thing>({ tags: (object) => object.tags });
        const model = new Map<string, Thing>();
        const told = new Map<string, Thing>();
        commands.forEach((step, version) => {
          if (step.kind === 'put') {
            const object = thing(step.name, version, step.tags, step.uid);
            retell(told, store.put(object));
            model.set(step.name, object);
          } else if (step.kind === 'remove') {
            retell(told, store.remove(thing(step.name, version)));
            model.delete(step.name);
          } else {
            const objects = step.things.map((each) => thing(each.name, version, each.tags));
            retell(told, store.replace(objects));
            model.clear();
            for (const object of objects) model.set(object.metadata.name ?? '', object);
          }
          expect(new Set(store.list())).toEqual(new Set(model.values()));
          expect(new Set(told.values())).toEqual(new Set(model.values()));
          for (const tag of ['x', 'y', 'z']) {
            const expected = [...model.values()].filter((object) => object.tags.includes(tag));
            expect(new Set(store.byIndex('tags', tag))).toEqual(new Set(expected));
          }
        });
      }),
    );
  });
});

function retell(told: Map<string, Thing>, changes: readonly CacheChange<Thing>[]): void {
  for (const change of changes) {
    if (change.kind === 'deleted') told.delete(change.previous.metadata.name ?? '');
    else told.set(change.object.metadata.name ?? '', change.object);
  }
}
