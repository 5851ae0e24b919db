import fc from 'fast-check';
import { ANNOTATIONS } from '../../../lib/contract';
import { type Pod, type PodStatus, statusToVirtual } from '../../../syncer/pods';
import { conditions, hostPod, virtualPod } from './fixtures';
import { applyPatch } from './strategic-merge';

const container = (name: string, more: object = {}) => ({
  name,
  ready: true,
  restartCount: 0,
  image: 'nginx:1',
  imageID: 'docker.io/library/nginx@sha256:0123',
  containerID: 'containerd://1',
  state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
  ...more,
});

/** The virtual status after the host's has been copied, checked to be stable. */
function copied(
  host: PodStatus,
  wishes: Parameters<typeof virtualPod>[0] = {},
  onHost: Pod['metadata'] = {},
): PodStatus {
  const virtual = virtualPod(wishes);
  const hosts = hostPod(virtual, { status: host });
  const source = { ...hosts, metadata: { ...hosts.metadata, ...onHost } };
  const patch = statusToVirtual(source, virtual);
  const after = patch === undefined ? virtual : applyPatch(virtual, patch);
  expect(statusToVirtual(source, after)).toBeUndefined();
  return after.status ?? {};
}

describe('the status of a virtual pod', () => {
  it("shows what the host's kubelet says", () => {
    const host = {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      hostIP: '192.0.2.1',
      hostIPs: [{ ip: '192.0.2.1' }],
      startTime: '2026-01-01T00:00:00Z',
      conditions: conditions({ Ready: 'True', ContainersReady: 'True', PodScheduled: 'True', Initialized: 'True' }),
      containerStatuses: [container('main')],
      allocatedResources: { cpu: '1' },
    };
    expect(copied(host)).toEqual(host);
  });

  it('is left alone while the host says nothing new', () => {
    const virtual = virtualPod({ status: { phase: 'Pending', qosClass: 'BestEffort' } });
    const host = hostPod(virtual, { status: { phase: 'Pending', qosClass: 'Burstable' } });
    expect(statusToVirtual(host, virtual)).toBeUndefined();
  });

  it('keeps its own quality of service', () => {
    expect(copied({ phase: 'Running', qosClass: 'Burstable' }, { status: { qosClass: 'BestEffort' } })).toMatchObject({
      qosClass: 'BestEffort',
    });
  });

  it('replaces addresses and maps as a whole, and takes away what is over', () => {
    const before = {
      phase: 'Running',
      reason: 'Evicted',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      allocatedResources: { cpu: '1', memory: '1Gi' },
      containerStatuses: [container('main')],
    };
    const after = {
      phase: 'Running',
      podIP: '10.0.0.2',
      podIPs: [{ ip: '10.0.0.2' }],
      allocatedResources: { cpu: '2' },
    };
    expect(copied(after, { status: before })).toEqual(after);
  });

  it("shows the tenant's containers and volumes, not what the host has injected", () => {
    const wishes = {
      spec: {
        containers: [{ name: 'main' }],
        initContainers: [{ name: 'setup' }],
        ephemeralContainers: [{ name: 'debug' }],
        volumes: [{ name: 'own' }],
      },
    };
    const volumeMounts = [
      { name: 'own', mountPath: '/own' },
      { name: 'sublet-hosts', mountPath: '/etc/hosts' },
    ];
    const status = copied(
      {
        phase: 'Running',
        containerStatuses: [container('istio-proxy'), container('main', { volumeMounts })],
        initContainerStatuses: [container('sublet-hosts'), container('setup')],
        ephemeralContainerStatuses: [container('debug')],
      },
      wishes,
    );
    expect(status).toMatchObject({
      containerStatuses: [container('main', { volumeMounts: [{ name: 'own', mountPath: '/own' }] })],
      initContainerStatuses: [container('setup')],
      ephemeralContainerStatuses: [container('debug')],
    });
    expect(status.containerStatuses).toHaveLength(1);
    expect(status.initContainerStatuses).toHaveLength(1);
  });

  it.each([
    ['secret "creds-x-default-x-my-vcluster" not found', 'secret "creds" not found'],
    [
      'back-off restarting main in pod nginx-x-default-x-my-vcluster_team-a(host-uid)',
      'back-off restarting main in pod nginx_default(uid-1)',
    ],
    ['namespace "team-a" is full', 'namespace "default" is full'],
  ])("says %j in the tenant's words", (message, expected) => {
    const waiting = { reason: 'Waiting', message };
    const status = copied({
      phase: 'Pending',
      message,
      conditions: [{ type: 'Ready', status: 'False', message }],
      containerStatuses: [container('main', { state: { waiting } })],
    });
    expect(status.message).toBe(expected);
    expect(status.conditions?.[0]?.message).toBe(expected);
    expect(status.containerStatuses?.[0]?.state?.waiting?.message).toBe(expected);
  });

  it("leaves a terminated container's own message alone", () => {
    const terminated = { exitCode: 1, message: 'nginx-x-default-x-my-vcluster' };
    const status = copied({ phase: 'Failed', containerStatuses: [container('main', { state: { terminated } })] });
    expect(status.containerStatuses?.[0]?.state?.terminated?.message).toBe(terminated.message);
  });

  describe('tells the generation that the kubelet has seen', () => {
    const madeFrom = (generation: string) => ({ annotations: { [ANNOTATIONS.generation]: generation } });

    it.each<[string, number | undefined, Pod['metadata'], number | undefined]>([
      ['as the virtual one', 7, { generation: 7, ...madeFrom('3') }, 3],
      ['not while the kubelet lags behind', 6, { generation: 7, ...madeFrom('3') }, 1],
      ['not where the host has none', undefined, { generation: 7, ...madeFrom('3') }, 1],
      ['not where it is unknown', 7, { generation: 7, annotations: {} }, 1],
    ])('%s', (_what, observedGeneration, onHost, expected) => {
      const ready = { type: 'Ready', status: 'True', ...(observedGeneration !== undefined && { observedGeneration }) };
      const host = {
        phase: 'Running',
        conditions: [ready],
        ...(observedGeneration !== undefined && { observedGeneration }),
      };
      const before = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'False', observedGeneration: 1 }] };
      const status = copied(host, { status: before }, onHost);
      expect(status.observedGeneration).toBe(expected);
      expect(status.conditions).toEqual([{ type: 'Ready', status: 'True', observedGeneration: expected }]);
    });

    it('not to an API server that would drop it', () => {
      const virtual = virtualPod();
      const ready = { type: 'Ready', status: 'True', observedGeneration: 1 };
      const host = hostPod(virtual, {
        status: { phase: 'Running', observedGeneration: 1, conditions: [ready], allocatedResources: { cpu: '1' } },
      });
      expect(statusToVirtual(host, virtual, '1.33.4')).toEqual({
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      });
    });
  });

  it('needs one patch, whatever host and tenant say', () => {
    const type = fc.constantFrom('Ready', 'PodScheduled', 'PodResizePending', 'example.com/gate', 'vendor.com/host');
    const condition = fc.record(
      {
        type,
        status: fc.constantFrom('True', 'False'),
        message: fc.string(),
        reason: fc.string(),
        lastProbeTime: fc.constant('2026-01-01T00:00:00Z'),
      },
      { requiredKeys: ['type', 'status'] },
    );
    const ips = fc.uniqueArray(fc.record({ ip: fc.ipV4() }), { maxLength: 2, selector: ({ ip }) => ip });
    const status = fc.record(
      {
        phase: fc.constantFrom('Pending', 'Running'),
        reason: fc.string({ minLength: 1 }),
        podIPs: ips.filter((list) => list.length > 0),
        conditions: fc.uniqueArray(condition, { selector: ({ type }) => type }),
        containerStatuses: fc.subarray([container('main'), container('other')]).filter((list) => list.length > 0),
        allocatedResources: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.constantFrom('1', '2'), { minKeys: 1 }),
      },
      { requiredKeys: ['phase'] },
    );
    fc.assert(
      fc.property(status, status, (host, before) => {
        const spec = { readinessGates: [{ conditionType: 'example.com/gate' }] };
        const after = copied(host, { spec, status: before });
        const own = (pod: PodStatus) => pod.conditions?.find(({ type }) => type === 'example.com/gate');
        expect(own(after)).toEqual(own(before));
      }),
    );
  });
});
