import { clusterNames } from '../../lib/contract';
import type { ResolvedSpec } from '../../lib/spec';
import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { Pod } from '../../syncer/pods/types';
import { type OpenWatch, openWatch } from './watch';

/**
 * What a control plane goes through, in this order, as pods on the host tell it: `running` are all of its containers,
 * `dns` is the virtual cluster's DNS server, ready to answer.
 */
export type Phase = 'scheduled' | 'initialized' | 'running' | 'dns';

/** A watch that notes when the phases of a start are reached. */
export interface PhaseWatch extends OpenWatch {
  /** Phase → `performance.now()` of the first event that showed it. */
  readonly reached: ReadonlyMap<Phase, number>;
}

/** Watches how a virtual cluster starts. Its namespace need not exist yet. */
export async function watchPhases(client: StreamingKubeClient, spec: ResolvedSpec): Promise<PhaseWatch> {
  const reached = new Map<Phase, number>();
  const controlPlane = `${clusterNames(spec.name).controlPlane}-0`;
  const watch = await openWatch<Pod>(client, RESOURCES.pods, spec.namespace, ({ object }) => {
    const { name = '' } = object.metadata;
    const at = performance.now();
    const shown =
      name === controlPlane ? controlPlanePhases(object) : name.startsWith('coredns-') ? dnsPhases(object) : [];
    for (const phase of shown) if (!reached.has(phase)) reached.set(phase, at);
  });
  return { reached, ...watch };
}

function controlPlanePhases(pod: Pod): readonly Phase[] {
  const statuses = pod.status?.containerStatuses ?? [];
  const running = statuses.length > 0 && statuses.every(({ state }) => state?.running !== undefined);
  return [
    ...(has(pod, 'PodScheduled') ? (['scheduled'] as const) : []),
    ...(has(pod, 'Initialized') ? (['initialized'] as const) : []),
    ...(running ? (['running'] as const) : []),
  ];
}

function dnsPhases(pod: Pod): readonly Phase[] {
  return has(pod, 'Ready') ? ['dns'] : [];
}

function has({ status }: Pod, condition: string): boolean {
  return status?.conditions?.some((one) => one.type === condition && one.status === 'True') ?? false;
}
