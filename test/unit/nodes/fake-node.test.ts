import {
  architectureOf,
  type FakeNodeFacts,
  fakeNode,
  isFakeNode,
  type Node,
  nodeChanges,
  nodeReadiness,
  nodesInUse,
} from '../../../syncer/nodes';

const FACTS: FakeNodeFacts = {
  address: '10.96.69.115',
  kubernetesVersion: '1.37.2',
  architecture: 'amd64',
  ready: true,
  now: Date.parse('2026-01-01T00:00:00Z'),
};
const NODE = fakeNode('worker-1', FACTS);
const LATER = { ...FACTS, now: FACTS.now + 60_000 };

describe('a virtual node', () => {
  it('has the host node’s name, the address of its Service and the virtual cluster’s version', () => {
    expect(NODE).toMatchObject({
      kind: 'Node',
      metadata: { name: 'worker-1', labels: { 'kubernetes.io/hostname': 'worker-1', 'kubernetes.io/os': 'linux' } },
      status: {
        addresses: [
          { type: 'InternalIP', address: '10.96.69.115' },
          { type: 'Hostname', address: 'worker-1' },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: { kubeletVersion: 'v1.37.2', architecture: 'amd64', kernelVersion: '', machineID: '' },
      },
    });
    expect(isFakeNode(NODE)).toBe(true);
    expect(isFakeNode({ metadata: { name: 'worker-1' } })).toBe(false);
  });

  it('is written once: nothing changes while it stays as it is', () => {
    expect(nodeChanges(fakeNode('worker-1', LATER, NODE), NODE)).toEqual([]);
  });

  it('keeps what the tenant and the API server put on it', () => {
    const current: Node = {
      ...NODE,
      metadata: { ...NODE.metadata, labels: { ...NODE.metadata.labels, team: 'a' }, annotations: { x: 'y' } },
      spec: { taints: [{ key: 'mine', effect: 'NoSchedule' }], providerID: 'p' },
    };
    expect(nodeChanges(fakeNode('worker-1', LATER, current), current)).toEqual([]);
  });

  it('loses the taint that the API server gives every new node', () => {
    const created: Node = {
      ...NODE,
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
    };
    expect(nodeChanges(fakeNode('worker-1', LATER, created), created)).toEqual([
      { kind: 'patch', patch: { spec: { taints: null } } },
    ]);
  });

  it('becomes Unknown and tainted when it is lost, once, and comes back', () => {
    const lost = fakeNode('worker-1', { ...LATER, ready: false }, NODE);
    const ready = lost.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      lastTransitionTime: '2026-01-01T00:01:00Z',
    });
    expect(nodeChanges(lost, NODE)).toEqual([
      {
        kind: 'patch',
        patch: {
          spec: {
            taints: [
              { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule', timeAdded: '2026-01-01T00:01:00Z' },
            ],
          },
        },
      },
      { kind: 'patch', subresource: 'status', patch: { status: lost.status } },
    ]);
    const muchLater = { ...LATER, now: LATER.now + 60_000 };
    expect(nodeChanges(fakeNode('worker-1', { ...muchLater, ready: false }, lost), lost)).toEqual([]);
    const back = fakeNode('worker-1', muchLater, lost);
    expect(back.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2026-01-01T00:02:00Z',
    });
    expect(nodeChanges(back, lost)[0]).toEqual({ kind: 'patch', patch: { spec: { taints: null } } });
  });

  it('follows its Service to another address', () => {
    const moved = fakeNode('worker-1', { ...LATER, address: '10.96.0.9' }, NODE);
    expect(nodeChanges(moved, NODE)).toMatchObject([{ subresource: 'status' }]);
  });

  it.each([
    ['x64', 'amd64'],
    ['arm64', 'arm64'],
    ['s390x', 's390x'],
    ['ppc64', 'ppc64le'],
  ])('calls %s %s', (node, go) => {
    expect(architectureOf(node)).toBe(go);
  });
});

describe('whether a node works', () => {
  const pods = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
  it.each([
    ['ready while no pod shows its loss', () => false, { kind: 'ready' }],
    [
      'lost as soon as one does',
      (pod: { metadata: { name: string } }) => pod.metadata.name === 'b',
      { kind: 'lost', witness: 'b' },
    ],
  ])('%s', (_case, showsLoss, expected) => {
    expect(nodeReadiness(pods, showsLoss)).toEqual(expected);
  });
});

describe('which nodes are needed', () => {
  const pod = (name: string, nodeName?: string, owner?: string) => ({
    metadata: {
      name,
      ...(owner && {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'o', uid: 'o', controller: true }],
      }),
    },
    spec: nodeName === undefined ? {} : { nodeName },
  });

  it('those with pods that are not there because of the node', () => {
    const used = nodesInUse([
      pod('a', 'n1', 'ReplicaSet'),
      pod('b', 'n1'),
      pod('agent', 'n1', 'DaemonSet'),
      pod('agent', 'n2', 'DaemonSet'),
      pod('unscheduled'),
    ]);
    expect([...used].map(([node, pods]) => [node, pods.map(({ metadata }) => metadata.name)])).toEqual([
      ['n1', ['a', 'b']],
    ]);
  });
});
