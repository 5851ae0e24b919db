import { shortHash } from '../../lib/contract';
import { apiVersionOf, RESOURCES } from '../kube/resources';
import { createTokenBucket } from '../kube/token-bucket';
import type { KubeClient, KubeObject, Resource } from '../kube/types';

/** Tells tenants, by events on their own objects, what the syncer could not do for them. */
export interface Recorder {
  /**
   * Posts a warning about a virtual object. The same warning about the same object is posted once in five minutes, and
   * in a flood of warnings most are dropped: what keeps an object from the host stands on the object too.
   */
  warn(resource: Resource, object: KubeObject, reason: string, message: string): void;
}

const REPEAT_AFTER_MS = 5 * 60_000;
/** How many warnings may be posted at once, and how many more each second. */
const BURST = 500;
const PER_SECOND = 20;
/** How many different warnings about one object there may be within the time in which none is repeated. */
const PER_OBJECT = 25;
const COMPONENT = 'sublet-syncer';

/** A recorder that posts to the virtual API server in the background; an event that can't be posted is dropped. */
export function createRecorder(
  virtual: KubeClient,
  onError: (error: unknown) => void,
  now: () => number = () => Date.now(),
): Recorder {
  const bucket = createTokenBucket({ burst: BURST, perSecond: PER_SECOND }, now);
  const posted = new Map<string, { readonly at: number; readonly about: string }>();
  const perObject = new Map<string, number>();
  /** In the order in which they were posted, so that the first that is not due ends it. */
  const forget = (time: number): void => {
    for (const [id, { at, about }] of posted) {
      if (time - at <= REPEAT_AFTER_MS) return;
      posted.delete(id);
      const left = (perObject.get(about) ?? 1) - 1;
      if (left === 0) perObject.delete(about);
      else perObject.set(about, left);
    }
  };
  return {
    warn(resource, object, reason, message) {
      const about = object.metadata.uid ?? `${resource.plural} ${object.metadata.namespace}/${object.metadata.name}`;
      const id = shortHash(`${object.metadata.uid}\n${reason}\n${message}`);
      const time = now();
      forget(time);
      const count = perObject.get(about) ?? 0;
      if (posted.has(id) || count >= PER_OBJECT || !bucket.take()) return;
      posted.set(id, { at: time, about });
      perObject.set(about, count + 1);
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
