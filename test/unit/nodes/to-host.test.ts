import type { Taint } from 'kubernetes-types/core/v1';
import type { RealNodesSection } from '../../../lib/contract';
import { broughtKey, type Node, nodeToHost } from '../../../syncer/nodes';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const KEY = broughtKey(ARTICLE);
const taint = (key: string): Taint => ({ key, effect: 'NoSchedule' });
const brought = (labels: string[], taints: string[] = []) => ({ [KEY]: JSON.stringify({ labels, taints }) });

function section(): RealNodesSection {
  const { nodes } = sectionsOf({
    nodes: { mode: 'all', toHost: { labels: ['team-a.example.com/*'], taints: ['team-a.example.com/*'] } },
  });
  if (nodes.mode === 'fake') throw new Error('not real');
  return nodes;
}

const node = (
  labels: Record<string, string> = {},
  taints: Taint[] = [],
  annotations: Record<string, string> = {},
): Node => ({
  metadata: { name: 'worker-1', resourceVersion: '7', labels, annotations },
  spec: { taints },
});

const MINE = 'team-a.example.com/pool';

describe('what a tenant says of a node', () => {
  it.each<[what: string, virtual: Node, host: Node, patch: object | undefined]>([
    [
      'reaches the host under the keys that are listed',
      node({ [MINE]: 'a', other: 'b' }),
      node({ pool: 'x' }),
      {
        metadata: { resourceVersion: '7', labels: { [MINE]: 'a' }, annotations: brought([MINE]) },
      },
    ],
    ['is not written again', node({ [MINE]: 'a' }), node({ [MINE]: 'a' }, [], brought([MINE])), undefined],
    [
      'changes with the tenant',
      node({ [MINE]: 'b' }),
      node({ [MINE]: 'a' }, [], brought([MINE])),
      {
        metadata: { resourceVersion: '7', labels: { [MINE]: 'b' }, annotations: brought([MINE]) },
      },
    ],
    [
      'goes with the tenant',
      node(),
      node({ [MINE]: 'a' }, [], brought([MINE])),
      {
        metadata: { resourceVersion: '7', labels: { [MINE]: null }, annotations: { [KEY]: null } },
      },
    ],
    ['leaves what the host has set itself', node(), node({ [MINE]: 'a' }), undefined],
    [
      'adds its taints to those of the host',
      node({}, [taint(MINE), taint('other')]),
      node({}, [taint('hosts')]),
      {
        metadata: { resourceVersion: '7', labels: {}, annotations: brought([], [`${MINE}:NoSchedule`]) },
        spec: { taints: [taint('hosts'), taint(MINE)] },
      },
    ],
    [
      'takes back its taint and no other',
      node(),
      node({}, [taint('hosts'), taint(MINE)], brought([], [`${MINE}:NoSchedule`])),
      {
        metadata: { resourceVersion: '7', labels: {}, annotations: { [KEY]: null } },
        spec: { taints: [taint('hosts')] },
      },
    ],
  ])('%s', (_what, virtual, host, patch) => {
    expect(nodeToHost(virtual, host, section(), ARTICLE)).toEqual({
      changes: patch === undefined ? [] : [{ kind: 'patch', patch }],
      taken: [],
    });
  });

  it('does not overwrite what somebody else has set under its key, and says so', () => {
    expect(nodeToHost(node({ [MINE]: 'a' }), node({ [MINE]: 'theirs' }), section(), ARTICLE)).toEqual({
      changes: [],
      taken: [MINE],
    });
  });
});
