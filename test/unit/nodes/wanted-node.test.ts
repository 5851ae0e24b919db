import type { NodesOptions } from '../../../lib';
import { type Node, wantedNode } from '../../../syncer/nodes';
import { sectionsOf } from '../engine/sections';

const fast: Node = { metadata: { name: 'worker-1', labels: { pool: 'fast' } } };
const slow: Node = { metadata: { name: 'worker-1', labels: { pool: 'slow' } } };
const selector = { pool: 'fast' };

describe.each<[NodesOptions]>([
  [{ mode: 'fake' }],
  [{ mode: 'realInUse' }],
  [{ mode: 'all' }],
  [{ mode: 'selected', selector }],
  [{ mode: 'selectedInUse', selector }],
])('with nodes $mode', (nodes) => {
  const section = sectionsOf({ nodes }).nodes;
  const { mode } = nodes;
  const real = mode !== 'fake';
  const always = mode === 'all' || mode === 'selected';
  const selects = mode === 'selected' || mode === 'selectedInUse';

  it.each<[what: string, host: Node | undefined, inUse: boolean, kind: string]>([
    ['a node that no pod uses', fast, false, always ? 'real' : 'none'],
    ['a node that pods use', fast, true, real ? 'real' : 'fake'],
    ['a node beside the selection', slow, false, always && !selects ? 'real' : 'none'],
    ['a node beside the selection on which the host has put a pod', slow, true, real && !selects ? 'real' : 'fake'],
    ['a node that the host does not have', undefined, false, 'none'],
    ['a node that went while pods were on it', undefined, true, 'fake'],
  ])('%s', (_what, host, inUse, kind) => {
    expect(wantedNode(section, host, inUse).kind).toBe(kind);
  });
});

it('a node that the host no longer has is known to be gone', () => {
  expect(wantedNode(sectionsOf({ nodes: { mode: 'all' } }).nodes, undefined, true)).toEqual({
    kind: 'fake',
    gone: true,
  });
});
