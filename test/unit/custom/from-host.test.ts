import type { CustomResourceFromHostRule } from '../../../lib/contract';
import { shownCustomKind } from '../../../syncer/custom/from-host';
import type { CustomResource } from '../../../syncer/custom/types';

const COMMON = { group: 'example.com', version: 'v1', plural: 'foos', kind: 'Foo', fields: ['spec'], annotations: [] };

const rule = (more: object = {}): CustomResourceFromHostRule => ({
  ...COMMON,
  annotations: ['example.com/shown'],
  selector: { matchLabels: { shown: 'yes' } },
  scope: 'namespaced',
  mappings: [
    { from: { namespace: 'platform' }, to: { namespace: 'shared' } },
    { from: { namespace: 'other', name: 'one' }, to: { namespace: 'shop', name: 'uno' } },
  ],
  ...more,
});

const foo = (spec: object, status?: object): CustomResource => ({
  metadata: {
    name: 'one',
    namespace: 'platform',
    uid: 'h-1',
    labels: { shown: 'yes', 'vcluster.loft.sh/managed-by': 'x' },
    annotations: { 'example.com/shown': 'a', 'example.com/hidden': 'b' },
    finalizers: ['example.com/hold'],
  },
  spec,
  ...(status && { status }),
  extra: {},
});

describe('a custom kind of the host that tenants see', () => {
  it.each([
    ['platform/a', 'shared/a'],
    ['other/one', 'shop/uno'],
    ['other/two', undefined],
    ['elsewhere/a', undefined],
  ])('is shown from %s as %s', (hostKey, virtualKey) => {
    const kind = shownCustomKind(rule(), () => true);
    expect(kind.virtualKeyOf(hostKey)).toBe(virtualKey);
    if (virtualKey !== undefined) expect(kind.hostKeyOf(virtualKey)).toBe(hostKey);
  });

  it('keeps its name when it is cluster-scoped', () => {
    const kind = shownCustomKind({ ...COMMON, selector: {}, scope: 'cluster' }, () => true);
    expect([kind.virtualKeyOf('a'), kind.hostKeyOf('a')]).toEqual(['a', 'a']);
    expect(kind.resource.namespaced).toBe(false);
  });

  it('is shown with its spec, status, labels and allowed annotations', () => {
    expect(shownCustomKind(rule(), () => true).translate(foo({ a: 1 }, { ready: true }))).toEqual({
      kind: 'object',
      object: {
        apiVersion: 'example.com/v1',
        kind: 'Foo',
        metadata: { labels: { shown: 'yes' }, annotations: { 'example.com/shown': 'a' } },
        spec: { a: 1 },
        status: { ready: true },
      },
    });
  });

  it('is not shown when it is not selected', () => {
    const kind = shownCustomKind(rule({ selector: { names: ['two'] } }), () => true);
    expect(kind.translate(foo({}))).toMatchObject({ kind: 'skip' });
  });

  it.each([
    ['nothing', foo({ a: 1 }, { b: 1 }), true, []],
    ['the spec', foo({ a: 2 }, { b: 1 }), true, [{ kind: 'patch', patch: { spec: { a: 1 } } }]],
    [
      'a member of the tenant’s',
      foo({ a: 1, x: 1 }, { b: 1 }),
      true,
      [{ kind: 'patch', patch: { spec: { x: null } } }],
    ],
    ['the status, apart', foo({ a: 1 }), true, [{ kind: 'patch', patch: { status: { b: 1 } }, subresource: 'status' }]],
    ['the status, with the object', foo({ a: 1 }), false, [{ kind: 'patch', patch: { status: { b: 1 } } }]],
  ])('is put right where it differs: %s', (_, current, hasStatus, expected) => {
    expect(shownCustomKind(rule(), () => hasStatus).changes(foo({ a: 1 }, { b: 1 }), current)).toEqual(expected);
  });
});
