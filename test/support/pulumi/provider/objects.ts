import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { isNotFound } from '../../../../cli/kube/api-error';
import { applyObject, deleteObject, getObject } from '../../../../cli/kube/objects';
import type { Resource } from '../../../../cli/kube/types';
import { SubletError } from '../../../../lib/contract';
import type { Cluster } from './cluster';
import {
  fieldAt,
  hasUnknown,
  hiddenAs,
  isProperties,
  type Properties,
  revealedProperties,
  secret,
  type Value,
} from './properties';
import { type Awaited, awaitGone, awaitReady, type LiveObject } from './readiness';
import { idOf, objectTypeOf, placeOf } from './urn';

const FIELD_MANAGER = 'pulumi-kubernetes-for-tests';

/** What became of an object, as the engine keeps it. */
export interface Applied {
  readonly id: string;
  readonly outputs: Properties;
  /** Why the object, which is there, does not work. */
  readonly missing?: string;
}

/** Creates an object, or tells what would become of it. It must not exist. */
export async function createObject(
  cluster: Cluster,
  inputs: Properties,
  preview: boolean,
  signal: AbortSignal,
): Promise<Applied> {
  const object = revealedProperties(inputs);
  if (preview) {
    // A dry run cannot pretend that what the object is to replace is gone.
    const outputs = (await isThere(cluster, object)) ? inputs : await previewed(cluster, inputs);
    return { id: '', outputs: unborn(outputs, inputs) };
  }
  const resource = await cluster.findResource(object);
  if (await isThere(cluster, object)) {
    throw new SubletError('API_CONFLICT', `${resource.kind} "${idOf(object)}" already exists`);
  }
  return applied(await apply(cluster, resource, object, signal), inputs);
}

/** Changes an object to what it is to be, or tells what would become of it. */
export async function updateObject(
  cluster: Cluster,
  inputs: Properties,
  preview: boolean,
  signal: AbortSignal,
): Promise<Applied> {
  if (preview) return { id: '', outputs: await previewed(cluster, inputs) };
  const object = revealedProperties(inputs);
  return applied(await apply(cluster, await cluster.findResource(object), object, signal), inputs);
}

/** An object as it is, and the inputs that would lead to it; `undefined` where there is none. */
export async function readObject(
  cluster: Cluster,
  urn: string,
  id: string,
  inputs: Properties,
): Promise<(Applied & { readonly inputs: Properties }) | undefined> {
  const { apiVersion, kind } = objectTypeOf(urn);
  const resource = await cluster.findResource({ apiVersion, kind });
  const { namespace, name } = placeOf(id);
  const object = await getObject<LiveObject>(cluster.api, resource, namespace, name);
  if (object === undefined) return undefined;
  return { ...applied({ object }, inputs), inputs: asDeclared(object, inputs) };
}

/** Deletes an object and waits until it is gone. */
export async function removeObject(cluster: Cluster, urn: string, id: string, signal: AbortSignal): Promise<void> {
  const { apiVersion, kind } = objectTypeOf(urn);
  const resource = await cluster.findResource({ apiVersion, kind });
  const { namespace, name } = placeOf(id);
  await deleteObject(cluster.api, resource, namespace, name, { propagationPolicy: 'Foreground' });
  await awaitGone(cluster, resource, namespace, name, signal);
}

/** Whether there is an object of that kind and name. Where the kind is still to come, there is none. */
async function isThere(cluster: Cluster, object: Properties): Promise<boolean> {
  if (hasUnknown(fieldAt(object, 'metadata'))) return false;
  const resource = await cluster.findResource(object).catch(() => undefined);
  if (resource === undefined) return false;
  const { namespace, name } = placeOf(idOf(object));
  return (await getObject(cluster.api, resource, namespace, name)) !== undefined;
}

async function apply(cluster: Cluster, resource: Resource, object: Properties, signal: AbortSignal): Promise<Awaited> {
  const answer = await applyObject(cluster.api, resource, object, { fieldManager: FIELD_MANAGER });
  return awaitReady(cluster, resource, answer.object as LiveObject, signal);
}

/** What the API server would make of it. Where it cannot tell yet, as in a namespace that is still to come: the inputs. */
async function previewed(cluster: Cluster, inputs: Properties): Promise<Properties> {
  if (hasUnknown(inputs)) return inputs;
  const object = revealedProperties(inputs);
  try {
    const resource = await cluster.findResource(object);
    const options = { fieldManager: FIELD_MANAGER, dryRun: true };
    const answer = await applyObject(cluster.api, resource, object, options);
    return applied({ object: answer.object as LiveObject }, inputs).outputs;
  } catch (error) {
    if (isNotFound(error) || (error instanceof SubletError && error.code === 'API_NOT_FOUND')) return inputs;
    throw error;
  }
}

/** What a dry run of a creation makes up is not known: the object will have another UID, another address. */
function unborn(outputs: Properties, inputs: Properties): Properties {
  const { status: _, metadata, spec, ...rest } = outputs;
  return {
    ...rest,
    metadata: withUnknown(metadata, fieldAt(inputs, 'metadata'), ['uid', 'creationTimestamp', 'resourceVersion']),
    spec: withUnknown(spec, fieldAt(inputs, 'spec'), ['clusterIP', 'clusterIPs', 'volumeName']),
  };
}

function withUnknown(part: Value, declared: Value, names: readonly string[]): Value {
  if (!isProperties(part)) return part;
  const made = names.filter((name) => name in part && fieldAt(declared, name) === undefined);
  return { ...part, ...Object.fromEntries(made.map((name) => [name, unknownValue])) };
}

/** What a Secret holds is secret whoever wrote it; of other kinds, what the program marked. */
function applied({ object, missing }: Awaited, inputs: Properties): Applied {
  const found = fieldAt(object, 'metadata');
  const { managedFields: _, ...metadata } = isProperties(found) ? found : {};
  const outputs = hiddenAs({ ...object, metadata }, inputs);
  const shown = isProperties(outputs) ? outputs : {};
  const hidden =
    object.kind === 'Secret' ? { ...shown, data: secret(shown.data), stringData: secret(shown.stringData) } : shown;
  return { id: idOf(object), outputs: hidden, ...(missing !== undefined && { missing }) };
}

/** Of the live object what the inputs speak of: that has drifted where it differs. */
function asDeclared(live: Properties, inputs: Properties): Properties {
  const declared = hiddenAs(pruned(live, revealedProperties(inputs)), inputs);
  return isProperties(declared) ? declared : {};
}

function pruned(live: Value, model: Value): Value {
  if (isProperties(live) && isProperties(model)) {
    const kept = Object.keys(model).filter((name) => name in live);
    return Object.fromEntries(kept.map((name) => [name, pruned(live[name], model[name])]));
  }
  if (Array.isArray(live) && Array.isArray(model)) return live.map((item, index) => pruned(item, model[index]));
  return live;
}
