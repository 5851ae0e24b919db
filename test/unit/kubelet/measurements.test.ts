import { ownExposition } from '../../../syncer/kubelet/exposition';
import type { OwnPods } from '../../../syncer/kubelet/own-pods';
import { ownSummary } from '../../../syncer/kubelet/summary';

const OWN: OwnPods = new Map([
  ['team-a/web-x-shop-x-a', { namespace: 'shop', name: 'web', uid: 'virtual-uid', containers: ['main'] }],
]);

describe("a kubelet's measurements in text", () => {
  const of = (pod: string, container = 'main') => `{container="${container}",namespace="team-a",pod="${pod}"}`;
  const text = `# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time
# TYPE container_cpu_usage_seconds_total counter
container_cpu_usage_seconds_total${of('web-x-shop-x-a')} 1.5 1700000000000
container_cpu_usage_seconds_total${of('web-x-shop-x-a', 'injected')} 9 1700000000000
container_cpu_usage_seconds_total${of('other-x-shop-x-b')} 7 1700000000000
# HELP container_start_time_seconds [STABLE] Start time
# TYPE container_start_time_seconds gauge
container_start_time_seconds${of('other-x-shop-x-b')} 1
# HELP machine_cpu_cores Number of logical CPU cores.
# TYPE machine_cpu_cores gauge
machine_cpu_cores{boot_id="b",machine_id="m"} 4
# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time of the node
# TYPE node_cpu_usage_seconds_total counter
node_cpu_usage_seconds_total 100 1700000000000
`;

  it('hold the pods of the tenant alone, under their own names', () => {
    expect(ownExposition(text, OWN, false)).toBe(`# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time
# TYPE container_cpu_usage_seconds_total counter
container_cpu_usage_seconds_total{container="main",namespace="shop",pod="web"} 1.5 1700000000000
`);
  });

  it('tell of the node as a whole only where the node shows itself', () => {
    const shown = ownExposition(text, OWN, true);
    expect(shown).toContain('\nnode_cpu_usage_seconds_total 100 1700000000000\n');
    expect(shown).not.toContain('machine');
  });

  it.each([
    [
      'the cgroup and name of a container',
      'x{container="main",id="/kubepods/pod-uid",image="nginx",name="abc",namespace="team-a",pod="web-x-shop-x-a"} 1',
      'x{container="main",image="nginx",namespace="shop",pod="web"} 1\n',
    ],
    [
      'a value that looks like a label',
      'x{a="\\",pod=\\"web-x-shop-x-a",namespace="team-a",pod="web-x-shop-x-a"} 1',
      'x{a="\\",pod=\\"web-x-shop-x-a",namespace="shop",pod="web"} 1\n',
    ],
    [
      'the UID of the host pod',
      'x{namespace="team-a",pod="web-x-shop-x-a",pod_uid="h"} 1',
      'x{namespace="shop",pod="web",pod_uid="virtual-uid"} 1\n',
    ],
    ['a pod of the same name in another namespace', 'x{namespace="team-b",pod="web-x-shop-x-a"} 1', ''],
    ['a cgroup above the pods', 'container_memory_working_set_bytes{container="",id="/",namespace="",pod=""} 1', ''],
    ['nonsense', 'x{', ''],
  ])('%s', (_what, line, expected) => {
    expect(ownExposition(line, OWN, true)).toBe(expected);
  });
});

describe("a kubelet's summary", () => {
  const pod = (name: string) => ({
    podRef: { name, namespace: 'team-a', uid: 'host-uid' },
    cpu: { usageNanoCores: 5 },
    containers: [{ name: 'main', cpu: {} }, { name: 'injected' }],
    volume: [{ name: 'data', pvcRef: { name: 'data-x-shop-x-a', namespace: 'team-a' }, usedBytes: 1 }],
  });
  const body = {
    node: { nodeName: 'worker-1', cpu: { usageNanoCores: 100 } },
    pods: [pod('web-x-shop-x-a'), pod('other')],
  };

  it('holds the pods of the tenant alone, under their own names', () => {
    expect(ownSummary(body, OWN, false)).toEqual({
      node: { nodeName: 'worker-1' },
      pods: [
        {
          podRef: { name: 'web', namespace: 'shop', uid: 'virtual-uid' },
          cpu: { usageNanoCores: 5 },
          containers: [{ name: 'main', cpu: {} }],
          volume: [{ name: 'data', usedBytes: 1 }],
        },
      ],
    });
  });

  it('tells of the node as a whole where the node shows itself', () => {
    expect(ownSummary(body, OWN, true)).toMatchObject({ node: { cpu: { usageNanoCores: 100 } } });
  });

  it('is nothing when the kubelet gave something else', () => {
    expect(ownSummary({ pods: [] }, OWN, true)).toBeUndefined();
  });
});
