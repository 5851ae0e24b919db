import type { Outcome } from '../engine/kind';
import { ownership } from '../engine/ownership';
import type { ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import { apiVersionOf, RESOURCES } from '../kube/resources';
import type { Cache, KubeClient, KubeObject, ObjectKey, Resource } from '../kube/types';
import { eventChanges, isAbout, toVirtualEvent } from './translate';
import type { HostEvent, InvolvedObject, VirtualEvent } from './types';

/** A kind whose events the tenant sees: its objects on both sides. */
export interface EventSource {
  readonly resource: Resource;
  readonly virtual: { get(key: ObjectKey): KubeObject | undefined };
  readonly host: { get(key: ObjectKey): KubeObject | undefined };
  /** Names that a message about a virtual object may hold besides its own: those of the objects that it uses. */
  mentions?(key: ObjectKey): readonly string[];
}

/** What {@link EventSync} works with. */
export interface EventSyncDependencies {
  readonly context: ClusterContext;
  readonly hostEvents: Cache<HostEvent>;
  readonly virtual: KubeClient;
  readonly sources: readonly EventSource[];
  /** Events that happened before this are left alone: an earlier syncer has passed them on. Milliseconds since 1970. */
  readonly since: number;
}

/** Passes events about host objects on to the virtual objects that they stand for. */
export class EventSync {
  /** What was posted for each host event, so that a repetition updates it. */
  readonly #posted = new Map<string, VirtualEvent>();

  constructor(private readonly deps: EventSyncDependencies) {
    deps.hostEvents.subscribe((change) => {
      if (change.kind === 'deleted') this.#posted.delete(change.previous.metadata.uid ?? '');
    });
  }

  /** Passes on one host event, named by its key. */
  async reconcile(key: ObjectKey): Promise<Outcome> {
    const { hostEvents, context, virtual, since } = this.deps;
    const event = hostEvents.get(key);
    if (event === undefined || happenedAt(event) < since) return { kind: 'unchanged' };
    const involved = this.#involved(event);
    const translation = toVirtualEvent(event, involved?.object, context, involved?.mentions);
    if (translation.kind !== 'object') return { kind: 'unchanged' };
    const desired = translation.object;
    const uid = event.metadata.uid ?? '';
    const known = this.#posted.get(uid);
    const { namespace, name = '' } = desired.metadata;
    if (known === undefined) {
      try {
        this.#posted.set(uid, await virtual.create(RESOURCES.events, namespace, desired));
        return { kind: 'created' };
      } catch (error) {
        // The namespace is going, or the event was passed on before: neither is worth another try.
        if (error instanceof ApiError && error.status === 403) return { kind: 'unchanged' };
        if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
      }
    }
    const current = known ?? (await virtual.get<VirtualEvent>(RESOURCES.events, namespace, name));
    if (current === undefined) return { kind: 'unchanged' };
    let latest = current;
    const changes = eventChanges(desired, current);
    try {
      for (const change of changes) {
        if (change.kind === 'patch') latest = await virtual.patch(RESOURCES.events, namespace, name, change.patch);
      }
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isMissingObject(RESOURCES.events.plural, name)) throw error;
      // The tenant has deleted it, or it has expired: what happens again is told anew.
      this.#posted.delete(uid);
      return this.reconcile(key);
    }
    this.#posted.set(uid, latest);
    return { kind: changes.length > 0 ? 'patched' : 'unchanged' };
  }

  #involved(event: HostEvent): { object: InvolvedObject; mentions: readonly string[] } | undefined {
    const { kind, name, namespace } = event.involvedObject;
    const source = this.deps.sources.find(({ resource }) => resource.kind === kind);
    const host = source?.host.get(`${namespace}/${name}`);
    if (source === undefined || host === undefined || !isAbout(event, host)) return undefined;
    const owner = ownership(host, this.deps.context);
    if (owner.kind !== 'ours') return undefined;
    const { name: virtualName, namespace: virtualNamespace, uid } = source.virtual.get(owner.key)?.metadata ?? {};
    if (virtualName === undefined || uid === undefined) return undefined;
    const object = {
      apiVersion: apiVersionOf(source.resource),
      kind: source.resource.kind,
      name: virtualName,
      namespace: virtualNamespace,
      uid,
    };
    return { object, mentions: source.mentions?.(owner.key) ?? [] };
  }
}

function happenedAt(event: HostEvent): number {
  const { series, lastTimestamp, eventTime, firstTimestamp, metadata } = event;
  const text = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp;
  return Date.parse(text ?? '') || 0;
}
