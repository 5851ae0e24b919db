import { setTimeout as sleep } from 'node:timers/promises';
import { getObject, listObjects } from '../../../../cli/kube/objects';
import { type KubeObject, RESOURCES, type Resource } from '../../../../cli/kube/types';
import type { Cluster } from './cluster';
import { fieldAt, itemsAt, numberAt, type Properties, textAt, type Value } from './properties';

const POLL_MS = 250;

/** An object as the API server tells it. */
export type LiveObject = KubeObject & Properties;

/** What came of waiting: the object as it was last seen, and what it still lacked when time ran out. */
export interface Awaited {
  readonly object: LiveObject;
  readonly missing?: string;
}

/** Waits until an object does what it is for, as Pulumi's own provider does for the kinds that matter here. */
export async function awaitReady(
  cluster: Cluster,
  resource: Resource,
  object: LiveObject,
  signal: AbortSignal,
): Promise<Awaited> {
  let last = object;
  for (;;) {
    const missing = await missingOf(cluster, last);
    if (missing === undefined) return { object: last };
    if (signal.aborted) return { object: last, missing };
    await sleep(POLL_MS);
    const { namespace, name = '' } = object.metadata ?? {};
    last = (await getObject<LiveObject>(cluster.api, resource, namespace, name)) ?? last;
  }
}

/** Waits until an object is gone: neither it nor, for a moment, what has its name now. */
export async function awaitGone(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const first = await getObject(cluster.api, resource, namespace, name);
  const uid = first?.metadata?.uid;
  let now = first;
  while (now !== undefined && now.metadata?.uid === uid) {
    if (signal.aborted) throw new Error(`${resource.kind} ${name} is not gone`);
    await sleep(POLL_MS);
    now = await getObject(cluster.api, resource, namespace, name);
  }
}

/** What an object lacks to be ready, or `undefined`. */
async function missingOf(cluster: Cluster, object: LiveObject): Promise<string | undefined> {
  switch (object.kind) {
    case 'Namespace':
      return textAt(object, 'status', 'phase') === 'Active' ? undefined : 'it is not active';
    case 'StatefulSet':
      return missingOfStatefulSet(object);
    case 'Deployment':
      return missingOfDeployment(object);
    case 'Pod':
      return hasCondition(object, 'Ready') ? undefined : 'it is not ready';
    case 'Job':
      return hasCondition(object, 'Complete') ? undefined : 'it is not complete';
    case 'Service':
      return missingOfService(cluster, object);
    default:
      return undefined;
  }
}

function missingOfStatefulSet(object: LiveObject): string | undefined {
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  if (!observed(object)) return 'its controller has not seen it';
  if ((numberAt(object, 'status', 'readyReplicas') ?? 0) < wanted) return 'its pods are not ready';
  const [current, update] = ['currentRevision', 'updateRevision'].map((field) => textAt(object, 'status', field));
  return current === update ? undefined : 'its pods are of an older revision';
}

function missingOfDeployment(object: LiveObject): string | undefined {
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  if (!observed(object)) return 'its controller has not seen it';
  const [updated = 0, available = 0, all = 0] = ['updatedReplicas', 'availableReplicas', 'replicas'].map((field) =>
    numberAt(object, 'status', field),
  );
  return updated === wanted && available === wanted && all === wanted ? undefined : 'its pods are not all available';
}

async function missingOfService(cluster: Cluster, object: LiveObject): Promise<string | undefined> {
  const type = textAt(object, 'spec', 'type');
  if (type === 'ExternalName') return undefined;
  if (type === 'LoadBalancer' && itemsAt(object, 'status', 'loadBalancer', 'ingress').length === 0) {
    return 'it has no address outside';
  }
  if (textAt(object, 'spec', 'clusterIP') === 'None' || fieldAt(object, 'spec', 'selector') === undefined) {
    return undefined;
  }
  const slices = await listObjects<LiveObject>(cluster.api, RESOURCES.endpointSlices, {
    namespace: object.metadata?.namespace,
    labelSelector: `kubernetes.io/service-name=${object.metadata?.name}`,
  });
  const endpoints = slices.flatMap((slice) => itemsAt(slice, 'endpoints'));
  return endpoints.some((endpoint) => fieldAt(endpoint, 'conditions', 'ready') !== false)
    ? undefined
    : 'it leads to no pod';
}

function observed(object: LiveObject): boolean {
  return (numberAt(object, 'status', 'observedGeneration') ?? 0) >= (object.metadata?.generation ?? 0);
}

function hasCondition(object: LiveObject, type: string): boolean {
  const isTrue = (condition: Value): boolean =>
    textAt(condition, 'type') === type && textAt(condition, 'status') === 'True';
  return itemsAt(object, 'status', 'conditions').some(isTrue);
}
