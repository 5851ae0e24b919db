import type { NodeCondition } from 'kubernetes-types/core/v1';
import { PORTS } from '../../lib/contract';
import { declaredFeatures } from './declared-features';
import type { NodeStatus } from './types';

/** What is known of a host node that we may not read. */
export interface FakeNodeFacts {
  /** ClusterIP of the node's Service on the host. */
  readonly address: string;
  /** The version that the node shows for its kubelet: that of the virtual API server, `1.37.2`. */
  readonly kubernetesVersion: string;
  /** As Kubernetes names it: `amd64`, `arm64`. Of the syncer's own node, as the best guess; see {@link architectureOf}. */
  readonly architecture: string;
  /** Whether the host node works, as far as its pods tell. */
  readonly ready: boolean;
  /** The time in milliseconds since 1970. */
  readonly now: number;
}

/** More than a host node has, since the host's scheduler decides what fits: vCluster's users know the number of pods. */
const CAPACITY = { cpu: '128', memory: '1Ti', 'ephemeral-storage': '10Ti', pods: '110' };

/** Conditions of a healthy node, in the words of a kubelet. */
const HEALTHY = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/**
 * The status of a virtual node. Conditions keep their times while they don't change, so that nothing is written for a
 * node that stays as it is. A lost node is `Unknown` in all conditions, as Kubernetes' node controller puts it.
 */
export function fakeNodeStatus(name: string, facts: FakeNodeFacts, previous?: NodeStatus): NodeStatus {
  const { address, kubernetesVersion, architecture } = facts;
  const features = declaredFeatures(kubernetesVersion);
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    allocatable: CAPACITY,
    capacity: CAPACITY,
    conditions: HEALTHY.map((healthy) => condition(healthy, facts, previous)),
    ...(features && { declaredFeatures: features }),
    daemonEndpoints: { kubeletEndpoint: { Port: PORTS.kubelet } },
    nodeInfo: {
      architecture,
      bootID: '',
      containerRuntimeVersion: '',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: `v${kubernetesVersion}`,
      machineID: '',
      operatingSystem: 'linux',
      osImage: '',
      systemUUID: '',
    },
  };
}

/** Kubernetes' (Go's) name of what Node calls `process.arch`. */
export function architectureOf(nodeArch: string): string {
  const names: { readonly [arch: string]: string } = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  return names[nodeArch] ?? nodeArch;
}

function condition(
  [type, healthyStatus, healthyReason, healthyMessage]: (typeof HEALTHY)[number],
  { ready, now }: FakeNodeFacts,
  previous: NodeStatus | undefined,
): NodeCondition {
  const [status, reason, message] = ready
    ? [healthyStatus, healthyReason, healthyMessage]
    : ['Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.'];
  const before = previous?.conditions?.find((candidate) => candidate.type === type);
  if (before?.status === status && before.reason === reason && before.message === message) return before;
  const time = toSeconds(now);
  const since = before?.status === status ? (before.lastTransitionTime ?? time) : time;
  return { type, status, reason, message, lastHeartbeatTime: time, lastTransitionTime: since };
}

function toSeconds(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}
