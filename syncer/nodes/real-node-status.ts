import type { NodeAddress, NodeCondition } from 'kubernetes-types/core/v1';
import { formatQuantity, PORTS, type RealNodesSection } from '../../lib/contract';
import { parseQuantity } from '../../lib/contract/quantity';
import { pick } from '../engine/pick';
import { declaredFeatures, minorOf } from './declared-features';
import type { Amounts } from './requests';
import type { NodeStatus, NodeSystemInfo } from './types';

/** What the status of a node that shows a host node is made of. */
export interface RealNodeFacts {
  /** ClusterIP of the node's Service on the host: the kubelet that the virtual cluster knows listens there. */
  readonly address: string;
  /** The version shown for the kubelet where the host's is hidden: that of the virtual API server. */
  readonly kubernetesVersion: string;
  /** What pods of others request on the node, where the tenant's scheduler must know it. */
  readonly othersUse: Amounts;
}

/**
 * The status of a host node as its virtual node shows it. Conditions keep their heartbeat while they say the same, so
 * that nothing is written for a node that stays as it is. Which volumes are attached is nobody's business here.
 */
export function realNodeStatus(
  host: NodeStatus,
  section: Pick<RealNodesSection, 'hide'>,
  facts: RealNodeFacts,
  name: string,
  previous?: NodeStatus,
): NodeStatus {
  const { hide } = section;
  const features = declaredFeatures(facts.kubernetesVersion, host.declaredFeatures ?? []);
  return {
    ...pick(host, ['capacity', 'runtimeHandlers', 'features']),
    ...(features && { declaredFeatures: features }),
    ...(host.allocatable && { allocatable: lessOthersUse(host.allocatable, facts.othersUse) }),
    addresses: addresses(host.addresses ?? [], hide.addresses, facts.address, name),
    conditions: (host.conditions ?? []).map((condition) => steady(condition, previous)),
    daemonEndpoints: { kubeletEndpoint: { Port: PORTS.kubelet } },
    ...(host.nodeInfo && { nodeInfo: nodeInfo(host.nodeInfo, hide.nodeInfo, facts.kubernetesVersion) }),
    ...(!hide.images && host.images && { images: host.images }),
  };
}

function lessOthersUse(allocatable: NonNullable<NodeStatus['allocatable']>, use: Amounts) {
  return Object.fromEntries(
    Object.entries(allocatable).map(([resource, text]) => {
      const taken = use.get(resource) ?? 0n;
      const whole = parseQuantity(String(text));
      return [resource, taken === 0n || whole === undefined ? text : formatQuantity(whole - taken, String(text))];
    }),
  );
}

function addresses(
  host: readonly NodeAddress[],
  hide: 'all' | 'internal',
  address: string,
  name: string,
): NodeAddress[] {
  const external = hide === 'all' ? [] : host.filter(({ type }) => type === 'ExternalIP' || type === 'ExternalDNS');
  return [{ type: 'InternalIP', address }, { type: 'Hostname', address: name }, ...external];
}

function steady(condition: NodeCondition, previous: NodeStatus | undefined): NodeCondition {
  const before = previous?.conditions?.find(({ type }) => type === condition.type);
  const same =
    before?.status === condition.status && before.reason === condition.reason && before.message === condition.message;
  return same ? before : condition;
}

/** Hidden texts become empty, as tools expect the fields to be there; they must be able to read the kubelet's version. */
function nodeInfo(host: NodeSystemInfo, hidden: readonly string[], version: string): NodeSystemInfo {
  const hide = (field: string, value: string): string => (hidden.includes(field) ? '' : value);
  const { swap } = host;
  return {
    architecture: host.architecture,
    bootID: hide('bootID', host.bootID),
    containerRuntimeVersion: hide('containerRuntimeVersion', host.containerRuntimeVersion),
    kernelVersion: hide('kernelVersion', host.kernelVersion),
    kubeProxyVersion: hide('kubeProxyVersion', host.kubeProxyVersion),
    kubeletVersion: hide('kubeletVersion', host.kubeletVersion) || `v${version}`,
    machineID: hide('machineID', host.machineID),
    operatingSystem: host.operatingSystem,
    osImage: hide('osImage', host.osImage),
    systemUUID: hide('systemUUID', host.systemUUID),
    // An older API server would drop it.
    ...(swap !== undefined && !hidden.includes('swap') && minorOf(version) >= 34 && { swap }),
  };
}
