import { conditionsToVirtual, seenGeneration } from './conditions';
import { virtualStatuses } from './container-statuses';
import { isSame } from './same';
import type { Pod, PodStatus } from './types';
import { virtualText } from './wording';

/**
 * Members of `status` that older virtual API servers would drop, and since which minor version of Kubernetes 1 they stay:
 * since their feature gates are on by default (`pkg/features/kube_features.go`).
 */
const SINCE = { observedGeneration: 34, allocatedResources: 36, resources: 36 } as const;

/**
 * The strategic merge patch of `pods/status` by which a virtual pod shows what its host pod has become, undefined when
 * it does already. `qosClass` never changes and is never written. Whatever the patch does not name stays as it is.
 *
 * @param version the virtual API server's, `1.37.2`: what it does not know is left out. @default the newest
 */
export function statusToVirtual(host: Pod, virtual: Pod, version = '1.999'): object | undefined {
  const current = virtual.status ?? {};
  const wanted = withoutNewer(wantedStatus(host, virtual, minorOf(version)), version);
  const status: { [member: string]: unknown } = {};
  for (const [member, value] of Object.entries(wanted)) {
    const before = current[member as keyof PodStatus];
    if (!isSame(value, before)) status[member] = replacement(value, before);
  }
  const conditions = conditionsToVirtual(host, virtual, isKept('observedGeneration', version));
  if (conditions.length > 0) status.conditions = conditions;
  return Object.keys(status).length > 0 ? { status } : undefined;
}

type Wanted = { readonly [member in Exclude<keyof PodStatus, 'conditions' | 'qosClass'>]?: unknown };

/** Every member that follows the host. One that the host lacks is taken away, so that all of them are named. */
function wantedStatus(host: Pod, virtual: Pod, minor: number): Wanted {
  const { status = {} } = host;
  const { spec } = virtual;
  return {
    phase: status.phase ?? 'Pending',
    reason: status.reason,
    message: status.message && virtualText(status.message, host, virtual),
    startTime: status.startTime,
    podIP: status.podIP,
    podIPs: status.podIPs,
    hostIP: status.hostIP,
    hostIPs: status.hostIPs,
    resize: status.resize,
    containerStatuses: virtualStatuses(status.containerStatuses, spec.containers, host, virtual, minor),
    initContainerStatuses: virtualStatuses(status.initContainerStatuses, spec.initContainers, host, virtual, minor),
    ephemeralContainerStatuses: virtualStatuses(
      status.ephemeralContainerStatuses,
      spec.ephemeralContainers,
      host,
      virtual,
      minor,
    ),
    allocatedResources: status.allocatedResources,
    resources: status.resources,
    observedGeneration: seenGeneration(status.observedGeneration, host) ?? virtual.status?.observedGeneration,
  };
}

/** How a strategic merge patch sets a member as a whole: addresses and maps would otherwise be merged with the old. */
function replacement(value: unknown, before: unknown): unknown {
  if (value === undefined || before === undefined || before === null) return value ?? null;
  if (Array.isArray(value)) return value.every(isAddress) ? [{ $patch: 'replace' }, ...value] : value;
  return typeof value === 'object' ? { ...value, $patch: 'replace' } : value;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ip' in value;
}

function withoutNewer(status: Wanted, version: string): Wanted {
  return Object.fromEntries(Object.entries(status).filter(([member]) => isKept(member, version)));
}

function isKept(member: string, version: string): boolean {
  const since = Object.entries(SINCE).find(([name]) => name === member)?.[1] ?? 0;
  return minorOf(version) >= since;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
