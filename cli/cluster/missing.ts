import type { Event, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../kube/types';
import type { ControlPlane } from './find';
import { missingSections } from './required-sections';

/** What the host's API says about a control plane at one moment. */
export interface ControlPlaneFacts {
  readonly controlPlane: ControlPlane | undefined;
  readonly pods: readonly (KubeObject & Pick<Pod, 'spec' | 'status'>)[];
  readonly claims: readonly (KubeObject & Pick<PersistentVolumeClaim, 'spec' | 'status'>)[];
  /** Sections of the syncer's configuration. `undefined`: they may not be read. */
  readonly sections: readonly KubeObject[] | undefined;
  /** Oldest first. */
  readonly events: readonly Pick<Event, 'type' | 'reason' | 'message' | 'involvedObject'>[];
  /** Whether the Secret with the tenant's kubeconfig is there. */
  readonly kubeconfigReady: boolean;
}

/** Reasons for waiting that pass by themselves, so that they need no explanation. */
const ORDINARY_WAITS: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

/** What is still missing until a virtual cluster can be used, most telling first; empty when nothing is. */
export function describeMissing(facts: ControlPlaneFacts): readonly string[] {
  const { controlPlane, pods } = facts;
  if (controlPlane === undefined) return ['its StatefulSet does not exist'];
  const wanted = controlPlane.spec?.replicas ?? 1;
  const settled = (controlPlane.status?.observedGeneration ?? 0) >= (controlPlane.metadata?.generation ?? 0);
  const ready = settled ? (controlPlane.status?.readyReplicas ?? 0) : 0;
  const { currentRevision, updateRevision, updatedReplicas } = controlPlane.status ?? {};
  // The API leaves a count of zero out: right after a change the old pod is ready, and no new one is there.
  const updated = (updatedReplicas ?? (currentRevision === updateRevision ? ready : 0)) >= wanted;
  const missing: string[] = [];
  if (wanted > 0 && facts.sections !== undefined) missing.push(...missingSections(controlPlane, facts.sections));
  if (wanted === 0) missing.push('it is scaled to zero');
  else if (ready < wanted || !updated) {
    const reasons = pods.flatMap((pod) => podReasons(pod, facts));
    missing.push(...(reasons.length > 0 ? reasons : controlPlaneReasons(facts, pods.length, wanted)));
  }
  // Until the control plane is up, that its kubeconfig is missing says nothing new.
  if (missing.length === 0 && !facts.kubeconfigReady) missing.push('the syncer has not written the kubeconfig yet');
  return [...new Set(missing)];
}

function controlPlaneReasons(facts: ControlPlaneFacts, pods: number, wanted: number): readonly string[] {
  const name = facts.controlPlane?.metadata?.name ?? '';
  const warning = lastWarning(facts, 'StatefulSet', name);
  if (pods < wanted) return [`pod ${name}-${pods} is not created${warning === undefined ? ' yet' : `: ${warning}`}`];
  return ['its pod is not ready yet'];
}

/** Why a pod is not ready; empty when it is. */
export function podReasons(
  pod: ControlPlaneFacts['pods'][number],
  facts: Pick<ControlPlaneFacts, 'claims' | 'events'>,
): readonly string[] {
  const name = pod.metadata?.name ?? '?';
  const conditions = pod.status?.conditions ?? [];
  if (conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')) return [];
  if (pod.metadata?.deletionTimestamp !== undefined) return [`pod ${name} is being deleted`];
  const scheduled = conditions.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const claims = facts.claims.filter((claim) => claim.status?.phase !== 'Bound');
    const waiting = claims.map((claim) => claimReason(claim, facts));
    return [`pod ${name} can't be scheduled: ${scheduled.message ?? scheduled.reason ?? 'unknown reason'}`, ...waiting];
  }
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const reasons = containers.flatMap((container) => {
    const reason = containerReason(container);
    return reason === undefined ? [] : [`container ${container.name} ${reason}`];
  });
  const starting = containers.filter(isStarting).map((container) => container.name);
  if (starting.length > 0) reasons.push(`${starting.join(', ')} not ready yet`);
  // While containers start, their probes fail: an event about that explains nothing.
  const telling = { events: facts.events.filter(({ reason }) => reason !== 'Unhealthy') };
  const warning = lastWarning(telling, 'Pod', name);
  if (reasons.length === 0) {
    const latest = warning ?? lastEvent(telling, 'Pod', name);
    return [`pod ${name} is ${pod.status?.phase ?? 'Pending'}${latest === undefined ? '' : `: ${latest}`}`];
  }
  const explained = reasons.some((reason) => reason.includes(': '));
  return explained || warning === undefined ? reasons : [...reasons, warning];
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

function containerReason({ state, lastState, ready, restartCount }: ContainerStatus): string | undefined {
  const waiting = state?.waiting;
  if (waiting !== undefined) {
    if (ORDINARY_WAITS.has(waiting.reason ?? '')) return undefined;
    const exit = lastState?.terminated;
    const why = waiting.message ?? (exit === undefined ? undefined : `it ended with exit code ${exit.exitCode}`);
    return `waits (${waiting.reason ?? 'unknown reason'})${why === undefined ? '' : `: ${firstLine(why)}`}`;
  }
  if (state?.terminated !== undefined) {
    const { exitCode, reason, message } = state.terminated;
    if (exitCode === 0) return undefined;
    return `ended (${reason ?? `exit code ${exitCode}`})${message === undefined ? '' : `: ${firstLine(message)}`}`;
  }
  return ready || restartCount === 0 ? undefined : `is not ready, after ${restartCount} restarts`;
}

function isStarting({ state, ready, restartCount }: ContainerStatus): boolean {
  return state?.running !== undefined && !ready && restartCount === 0;
}

function claimReason(claim: ControlPlaneFacts['claims'][number], facts: Events): string {
  const name = claim.metadata?.name ?? '?';
  const warning = lastWarning(facts, 'PersistentVolumeClaim', name);
  return `volume claim ${name} is ${claim.status?.phase ?? 'Pending'}${warning === undefined ? '' : `: ${warning}`}`;
}

type Events = Pick<ControlPlaneFacts, 'events'>;

function lastWarning(facts: Events, kind: string, name: string): string | undefined {
  return lastEvent({ events: facts.events.filter(({ type }) => type === 'Warning') }, kind, name);
}

function lastEvent({ events }: Events, kind: string, name: string): string | undefined {
  const found = events.findLast(({ involvedObject }) => involvedObject.kind === kind && involvedObject.name === name);
  return found?.message === undefined ? undefined : firstLine(found.message);
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
