import { shortHash } from '../../lib/contract';
import { apiVersionOf, RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject, Resource } from '../kube/types';

/** Tells tenants, by events on their own objects, what the syncer could not do for them. */
export interface Recorder {
  /** Posts a warning about a virtual object. The same warning about the same object is posted once in five minutes. */
  warn(resource: Resource, object: KubeObject, reason: string, message: string): void;
}

const REPEAT_AFTER_MS = 5 * 60_000;
const COMPONENT = 'sublet-syncer';

/** A recorder that posts to the virtual API server in the background; an event that can't be posted is dropped. */
export function createRecorder(
  virtual: KubeClient,
  onError: (error: unknown) => void,
  now: () => number = () => Date.now(),
): Recorder {
  const posted = new Map<string, number>();
  return {
    warn(resource, object, reason, message) {
      const id = shortHash(`${object.metadata.uid}\n${reason}\n${message}`);
      const time = now();
      for (const [key, at] of posted) if (time - at > REPEAT_AFTER_MS) posted.delete(key);
      if (posted.has(id)) return;
      posted.set(id, time);
      const event = warning(
        resource,
        object,
        reason,
        message,
        `${object.metadata.name}.${id}.${time.toString(36)}`,
        time,
      );
      virtual.create(RESOURCES.events, event.metadata.namespace, event).catch(onError);
    },
  };
}

function warning(
  resource: Resource,
  object: KubeObject,
  reason: string,
  message: string,
  name: string,
  time: number,
): KubeObject & Record<string, unknown> {
  const { namespace, uid, resourceVersion } = object.metadata;
  const timestamp = new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      name: object.metadata.name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type: 'Warning',
    reason,
    message: message.slice(0, 1024),
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: '',
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
  };
}
