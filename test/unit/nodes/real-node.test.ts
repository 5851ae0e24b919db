import type { Taint } from 'kubernetes-types/core/v1';
import type { RealNodesOptions } from '../../../lib';
import { ANNOTATIONS, LABELS, type RealNodesSection } from '../../../lib/contract';
import { fakeNode, type Node, nodeChanges, realNode } from '../../../syncer/nodes';
import { sectionsOf } from '../engine/sections';

const FACTS = { address: '10.96.0.7', kubernetesVersion: '1.37.2', othersUse: new Map<string, bigint>() };
const taint = (key: string, effect = 'NoSchedule'): Taint => ({ key, effect });

const HOST: Node = {
  metadata: {
    name: 'worker-1',
    uid: 'host-1',
    labels: { 'kubernetes.io/hostname': 'worker-1', pool: 'fast', 'secret.example.com/rack': '7' },
    annotations: { 'csi.volume.kubernetes.io/nodeid': '{}' },
  },
  spec: { providerID: 'aws:///i-1', podCIDR: '10.0.0.0/24', taints: [taint('dedicated')] },
  status: {
    capacity: { cpu: '4', memory: '16Gi', pods: '110' },
    allocatable: { cpu: '3900m', memory: '15Gi', pods: '110' },
    addresses: [
      { type: 'InternalIP', address: '192.0.2.1' },
      { type: 'ExternalIP', address: '198.51.100.1' },
      { type: 'Hostname', address: 'worker-1' },
    ],
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: '2026-01-01T00:00:00Z' }],
    daemonEndpoints: { kubeletEndpoint: { Port: 12_345 } },
    images: [{ names: ['registry.example.com/team-b/secret:1'] }],
    nodeInfo: {
      architecture: 'amd64',
      bootID: 'boot',
      containerRuntimeVersion: 'containerd://2.4.2',
      kernelVersion: '6.8',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: 'machine',
      operatingSystem: 'linux',
      osImage: 'Debian',
      systemUUID: 'system',
    },
    runtimeHandlers: [{ name: 'kata' }],
    volumesInUse: ['kubernetes.io/csi/x'],
    declaredFeatures: ['ExtendWebSocketsToKubelet', 'InPlacePodVerticalScalingInitContainers'],
  },
};

function section(options: RealNodesOptions = {}): RealNodesSection {
  const { nodes } = sectionsOf({ nodes: { mode: 'all', ...options } });
  if (nodes.mode === 'fake') throw new Error('not real');
  return nodes;
}

const shown = (options: RealNodesOptions = {}, host = HOST, previous?: Node): Node =>
  realNode(host, section(options), FACTS, previous);

describe('a node that shows a host node', () => {
  it('has its labels, taints, amounts and software', () => {
    expect(shown()).toMatchObject({
      metadata: {
        name: 'worker-1',
        labels: { pool: 'fast', 'secret.example.com/rack': '7', [LABELS.imported]: 'true' },
        annotations: { [ANNOTATIONS.importedUid]: 'host-1' },
      },
      spec: { taints: [taint('dedicated')] },
      status: {
        capacity: { cpu: '4' },
        allocatable: { cpu: '3900m' },
        nodeInfo: { architecture: 'amd64', kubeletVersion: 'v1.36.3', osImage: 'Debian' },
        // The other is about the kubelet's own API, which is the syncer's.
        declaredFeatures: ['InPlacePodVerticalScalingInitContainers'],
      },
    });
  });

  it('is reached at the syncer, at the address of its Service alone', () => {
    const { addresses, daemonEndpoints } = shown().status ?? {};
    expect(addresses).toEqual([
      { type: 'InternalIP', address: '10.96.0.7' },
      { type: 'Hostname', address: 'worker-1' },
    ]);
    expect(daemonEndpoints?.kubeletEndpoint?.Port).toBe(10_250);
  });

  it('says nothing of the machine, its cloud, its volumes and the images of others, unless it is asked to', () => {
    const text = JSON.stringify(shown());
    for (const secret of [
      'aws',
      'boot"',
      'machine"',
      'system"',
      'team-b',
      '192.0.2.1',
      '198.51.100.1',
      'nodeid',
      'csi/x',
      '10.0.0.0',
    ])
      expect(text).not.toContain(secret);
    const open = shown({
      hide: { annotations: [], addresses: 'internal', nodeInfo: [], providerId: false, images: false },
    });
    const all = JSON.stringify(open);
    for (const fact of ['aws:///i-1', 'boot', 'machine', 'system', 'team-b', '198.51.100.1', 'nodeid'])
      expect(all).toContain(fact);
    expect(all).not.toContain('192.0.2.1');
  });

  it.each<[string, NonNullable<RealNodesOptions['hide']>, (node: Node) => unknown, unknown]>([
    ['a label', { labels: ['pool'] }, ({ metadata }) => metadata.labels?.pool, undefined],
    [
      'all labels of a prefix',
      { labels: ['secret.example.com/*'] },
      ({ metadata }) => metadata.labels?.['secret.example.com/rack'],
      undefined,
    ],
    ['a taint', { taints: ['dedicated'] }, ({ spec }) => spec?.taints, []],
    [
      'the version of the kubelet',
      { nodeInfo: ['kubeletVersion'] },
      ({ status }) => status?.nodeInfo?.kubeletVersion,
      'v1.37.2',
    ],
    ['the kernel', { nodeInfo: ['kernelVersion'] }, ({ status }) => status?.nodeInfo?.kernelVersion, ''],
  ])('does not show %s that is hidden', (_what, hide, look, expected) => {
    expect(look(shown({ hide }))).toEqual(expected);
  });

  it('leaves out what Sublet itself has put on the host node', () => {
    const host = { ...HOST, metadata: { ...HOST.metadata, labels: { [LABELS.managedBy]: 'x' } } };
    expect(shown({}, host).metadata.labels).toEqual({ [LABELS.imported]: 'true' });
  });

  it('leaves the eviction from a lost node to the host', () => {
    const lost = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
    const taints = [lost, { ...lost, effect: 'NoSchedule' }, taint('drain', 'NoExecute')];
    expect(shown({}, { ...HOST, spec: { taints } }).spec?.taints).toEqual(taints.slice(1));
  });

  it('has the room that pods of others leave', () => {
    const othersUse = new Map([
      ['cpu', 1_400_000_000n],
      ['memory', 2n * 1024n ** 3n * 1_000_000_000n],
      ['pods', 10_000_000_000n],
    ]);
    const { status } = realNode(HOST, section(), { ...FACTS, othersUse });
    expect(status?.allocatable).toEqual({ cpu: '2500m', memory: '13Gi', pods: '100' });
    expect(status?.capacity).toEqual(HOST.status?.capacity);
  });
});

it.each<[version: string, declares: boolean]>([
  ['1.33.13', false],
  ['1.35.4', false],
  ['1.36.3', true],
  ['1.37.2', true],
])('a virtual API server of %s gets what it keeps: declared features %s', (kubernetesVersion, declares) => {
  const swap = { capacity: 1 };
  const { nodeInfo } = HOST.status ?? {};
  const host = { ...HOST, status: { ...HOST.status, ...(nodeInfo && { nodeInfo: { ...nodeInfo, swap } }) } };
  const { status } = realNode(host, section(), { ...FACTS, kubernetesVersion });
  expect(status?.declaredFeatures !== undefined).toBe(declares);
  expect(status?.nodeInfo?.swap !== undefined).toBe(kubernetesVersion !== '1.33.13');
});

describe('a node that shows a host node, later', () => {
  const current = shown();
  const withHost = (host: Node, previous = current) => nodeChanges(shown({}, host, previous), previous);

  it('is not written while nothing but its heartbeat changes', () => {
    const [ready] = HOST.status?.conditions ?? [];
    const conditions = [{ type: 'Ready', status: 'True', ...ready, lastHeartbeatTime: '2026-01-01T00:05:00Z' }];
    expect(withHost({ ...HOST, status: { ...HOST.status, conditions } })).toEqual([]);
  });

  it('shows that its kubelet is lost', () => {
    const conditions = [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }];
    expect(withHost({ ...HOST, status: { ...HOST.status, conditions } })).toMatchObject([
      { kind: 'patch', subresource: 'status', patch: { status: { conditions } } },
    ]);
  });

  it('loses a label and a taint that the host takes away, and nothing of the tenant’s', () => {
    const tenants: Node = {
      ...current,
      metadata: { ...current.metadata, labels: { ...current.metadata.labels, mine: 'yes' } },
      spec: { ...current.spec, taints: [taint('dedicated'), taint('mine')] },
    };
    const host = { ...HOST, metadata: { ...HOST.metadata, labels: {} }, spec: {} };
    const changes = withHost(host, tenants);
    expect(changes).toMatchObject([
      { patch: { metadata: { labels: { pool: null } }, spec: { taints: [taint('mine')] } } },
    ]);
    expect(JSON.stringify(changes)).not.toContain('"mine":');
  });

  it.each<[what: string, host: boolean, tenant: boolean, byHost: boolean, wanted: true | undefined]>([
    ['the host cordons', true, false, false, true],
    ['the host has uncordoned', false, true, true, undefined],
    ['the tenant has cordoned', false, true, false, true],
    ['both have cordoned', true, true, false, true],
  ])('is schedulable or not when %s', (_what, onHost, before, cordonedByHost, wanted) => {
    const host = { ...HOST, spec: { unschedulable: onHost } };
    const recorded = cordonedByHost ? shown({}, { ...HOST, spec: { unschedulable: true } }) : current;
    const previous = { ...recorded, spec: { unschedulable: before } };
    expect(shown({}, host, previous).spec?.unschedulable).toBe(wanted);
  });

  it('drops what the API server greets a new node with', () => {
    const fresh = { ...current, spec: { taints: [taint('node.kubernetes.io/not-ready'), taint('dedicated')] } };
    expect(shown({}, HOST, fresh).spec?.taints).toEqual([taint('dedicated')]);
  });

  it('shows nothing of the host any more once it may not be seen', () => {
    const facts = { address: '10.96.0.7', kubernetesVersion: '1.37.2', architecture: 'amd64', ready: true, now: 0 };
    const [main, status] = nodeChanges(fakeNode('worker-1', facts, current), current);
    expect(main).toMatchObject({
      patch: {
        metadata: {
          labels: { pool: null, [LABELS.imported]: null },
          annotations: { [ANNOTATIONS.shownOfNode]: null, [ANNOTATIONS.importedUid]: null },
        },
      },
    });
    expect(status).toMatchObject({ patch: { status: { runtimeHandlers: null, nodeInfo: { osImage: '' } } } });
  });
});
