import fc from 'fast-check';
import { ANNOTATIONS } from '../../../lib/contract';
import { mergePatch, subsetEqual } from '../../../syncer/engine/diff';
import type { KubeObject } from '../../../syncer/kube/types';

describe('subset equality', () => {
  it.each([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: null }, {}, true],
    [{}, undefined, false],
    [[{ a: 1 }], [{ a: 1, assigned: 2 }], true],
    [[{ a: 1 }], [{ a: 1 }, { a: 2 }], false],
    [[1, 2], [2, 1], false],
    [undefined, null, true],
    [undefined, 0, false],
  ])('%j in %j: %s', (desired, current, expected) => {
    expect(subsetEqual(desired, current)).toBe(expected);
  });
});

const object = (fields: object, metadata: object = {}): KubeObject => ({ metadata, ...fields }) as KubeObject;

describe('merge patches', () => {
  it.each<[string, KubeObject, KubeObject, object | undefined]>([
    ['nothing for equal objects', object({ spec: { a: [1] } }), object({ spec: { a: [1] } }), undefined],
    ['nothing for fields that are not owned', object({ spec: {} }), object({ spec: { other: 1 } }), undefined],
    ['nothing for an empty list where there is none', object({ spec: { a: [] } }), object({}), undefined],
    ['a scalar', object({ spec: { a: 2 } }), object({ spec: { a: 1 } }), { spec: { a: 2 } }],
    ['an owned field that is gone', object({ spec: {} }), object({ spec: { a: 1 } }), { spec: { a: null } }],
    [
      'only the changed keys of a map',
      object({ spec: { a: { x: '1', y: '2' } } }),
      object({ spec: { a: { x: '1', z: '3' } } }),
      { spec: { a: { y: '2', z: null } } },
    ],
    [
      'nothing for members of list elements that the host added',
      object({ spec: { a: [{ name: 'x', v: 1 }] } }),
      object({ spec: { a: [{ name: 'x', v: 1, host: 1 }] } }),
      undefined,
    ],
    [
      'a list whole, with what the host added to the element of the same name',
      object({
        spec: {
          a: [
            { name: 'y', v: 3 },
            { name: 'x', v: 2 },
          ],
        },
      }),
      object({ spec: { a: [{ name: 'x', v: 1, host: 7 }] } }),
      {
        spec: {
          a: [
            { name: 'y', v: 3 },
            { name: 'x', v: 2, host: 7 },
          ],
        },
      },
    ],
  ])('hold %s', (_case, desired, current, expected) => {
    expect(mergePatch(desired, current, ['spec.a'])).toEqual(expected);
  });

  it('remove from list elements what the host does not assign', () => {
    const owned = [{ path: 'spec.a', hostAssigned: ['given'] }];
    const current = object({ spec: { a: [{ port: 1, stale: true, given: 9 }] } });
    expect(mergePatch(object({ spec: { a: [{ port: 1 }] } }), current, owned)).toEqual({
      spec: { a: [{ port: 1, given: 9 }] },
    });
  });

  it('leave the labels and annotations of others, and remove our own that are gone', () => {
    const desired = object({}, { labels: { 'vcluster.loft.sh/namespace': 'a' }, annotations: {} });
    const current = object(
      {},
      {
        labels: { 'vcluster.loft.sh/namespace': 'b', 'vcluster.loft.sh/label-vc-x-1': 'old', injected: 'yes' },
        annotations: { 'sublet.dev/pending-since': 'x', 'cloud.example/id': 'y' },
      },
    );
    expect(mergePatch(desired, current, [])).toEqual({
      metadata: {
        labels: { 'vcluster.loft.sh/namespace': 'a', 'vcluster.loft.sh/label-vc-x-1': null },
        annotations: { 'sublet.dev/pending-since': null },
      },
    });
  });

  it.each([ANNOTATIONS.syncProblem, ANNOTATIONS.hostAnnotations])(
    'leave the note %s, which another writer keeps on an object that shows one of the host',
    (note) => {
      const shown = { [ANNOTATIONS.importedUid]: 'u' };
      const current = object({}, { annotations: { ...shown, [note]: 'x' } });
      expect(mergePatch(object({}, { annotations: shown }), current, [])).toBeUndefined();
    },
  );

  it('leave nothing to do once they are applied, and touch nothing that is not owned', () => {
    const key = fc.constantFrom('a', 'b', 'name', '__proto__', 'vcluster.loft.sh/x', 'other');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom('x', 'y', 1, 2, true, null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    }));
    const strings = fc.dictionary(key, fc.constantFrom('1', '2'), { maxKeys: 4 });
    const any = fc.record({
      metadata: fc.record({ labels: strings, annotations: strings }, { requiredKeys: [] }),
      spec: fc.record({ p: value, q: value, r: value }, { requiredKeys: [] }),
    });
    const owned = fc.constantFrom(
      ['spec.p'],
      ['spec.p', { path: 'spec.q', hostAssigned: ['a'] }],
      [{ path: 'spec.p', hostAssigned: [] }],
    );
    fc.assert(
      fc.property(any, any, owned, (desired, current, paths) => {
        const patch = mergePatch(desired, current, paths);
        const applied = patch === undefined ? current : (applyMergePatch(current, patch) as typeof current);
        expect(mergePatch(desired, applied, paths)).toBeUndefined();
        expect(applied.spec.r).toEqual(current.spec.r);
        for (const [label, text] of Object.entries(current.metadata.labels ?? {})) {
          if (label !== 'vcluster.loft.sh/x') {
            const wanted = Object.entries(desired.metadata.labels ?? {}).find(([other]) => other === label)?.[1];
            const found = Object.entries(applied.metadata.labels ?? {}).find(([other]) => other === label)?.[1];
            expect(found).toBe(wanted ?? text);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** RFC 7386, section 2. */
function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? Object.entries(target) : [];
  const result = new Map<string, unknown>(base);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, applyMergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}
