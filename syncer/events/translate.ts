import { safeConcat, shortHash } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import { pick } from '../engine/pick';
import type { Change, ClusterContext, Translation } from '../engine/types';
import type { KubeObject } from '../kube/types';
import { type Mentions, scrubMessage } from './scrub-message';
import type { HostEvent, InvolvedObject, VirtualEvent } from './types';

/** The longest message that the API takes for an event (`NoteLengthLimit`). */
const MAX_MESSAGE = 1024;

/** The longest name of an object that is no DNS label. */
const MAX_EVENT_NAME = 253;

/** Whether a host event is about this very host object, not about an earlier one of the same name. */
export function isAbout(event: HostEvent, host: KubeObject): boolean {
  const { name, namespace, uid } = event.involvedObject;
  const { metadata } = host;
  return name === metadata.name && namespace === metadata.namespace && uid === metadata.uid;
}

/**
 * The virtual event for a host event about `involved`, the virtual object behind the host object that it names; about
 * host objects that are not ours (`undefined`) the tenant hears nothing. Its name follows from the host event's, so
 * that a repeated event updates the one that is there. `names`: virtual names that the message may contain.
 */
export function toVirtualEvent(
  event: HostEvent,
  involved: InvolvedObject | undefined,
  ctx: ClusterContext,
  names: readonly string[] = [],
): Translation<VirtualEvent> {
  if (involved === undefined) return { kind: 'skip', reason: 'it is about an object of the host' };
  const namespace = involved.namespace ?? 'default';
  const { uid } = event.involvedObject;
  const mentions: Mentions = {
    names: [involved.name, ...names],
    uids: uid === undefined ? [] : [[uid, involved.uid]],
  };
  const clean = (text: string) => scrubMessage(text, namespace, mentions, ctx);
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName(event, involved), namespace },
      involvedObject: {
        apiVersion: involved.apiVersion,
        kind: involved.kind,
        name: involved.name,
        ...(involved.namespace !== undefined && { namespace: involved.namespace }),
        uid: involved.uid,
        ...pick(event.involvedObject, ['fieldPath']),
      },
      ...pick(event, ['action', 'count', 'eventTime', 'firstTimestamp', 'lastTimestamp', 'reason', 'series', 'type']),
      message: clean(event.message ?? '').slice(0, MAX_MESSAGE),
      ...sourceOf(event, clean),
    },
  };
}

/** The writes that bring an event that is there up to date; only what a repetition changes. */
export function eventChanges(desired: VirtualEvent, current: VirtualEvent): readonly Change[] {
  const patch = mergePatch(desired, current, ['count', 'lastTimestamp', 'message', 'series', 'type']);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** `<virtual name>.<suffix>`: the suffix of the host event's own name, or a hash of that where it has another form. */
function eventName(event: HostEvent, involved: InvolvedObject): string {
  const { name = '', uid = '' } = event.metadata;
  const dot = name.lastIndexOf('.');
  const suffix = dot > 0 && /^[0-9a-f]+$/.test(name.slice(dot + 1)) ? name.slice(dot + 1) : shortHash(`${name}/${uid}`);
  const room = MAX_EVENT_NAME - suffix.length - 1;
  const base = involved.name.length > room ? safeConcat(involved.name) : involved.name;
  return `${base}.${suffix}`;
}

/**
 * Nodes have the same name on both sides, so a kubelet may be named. Other components run on nodes of the host that
 * are none of the tenant's business: they are named without their instance.
 */
function sourceOf(event: HostEvent, clean: (text: string) => string): Partial<VirtualEvent> {
  const { component, host } = event.source ?? {};
  const { reportingComponent, reportingInstance } = event;
  const isKubelet = component === 'kubelet' || reportingComponent === 'kubelet';
  const instance = isKubelet ? reportingInstance : reportingInstance && (reportingComponent || component);
  return {
    source: {
      ...(component !== undefined && { component: clean(component) }),
      ...(isKubelet && host !== undefined && { host: clean(host) }),
    },
    ...(reportingComponent !== undefined && { reportingComponent: clean(reportingComponent) }),
    ...(instance !== undefined && { reportingInstance: clean(instance) }),
  };
}
