import { createHash } from 'node:crypto';
import type { Cluster } from './cluster';
import { fieldAt, isProperties, type Properties, textAt } from './properties';
import { objectTypeOf } from './urn';

const AUTO_NAMED = 'pulumi.com/autonamed';

/**
 * Completes the inputs of an object: the namespace that its provider is for, and a name where the program gives none,
 * which stays the same from one run to the next.
 * @param seed random bytes of the engine, the same for the preview and the run
 */
export async function completedInputs(
  cluster: Cluster,
  urn: string,
  before: Properties | undefined,
  inputs: Properties,
  seed: Uint8Array,
): Promise<Properties> {
  const metadata = { ...(isProperties(inputs.metadata) ? inputs.metadata : {}) };
  const { apiVersion, kind, name } = objectTypeOf(urn);
  const named = metadata.name !== undefined || metadata.generateName !== undefined;
  const own = named ? {} : autoName(name, before, metadata, seed);
  const { namespaced } = await cluster.findResource({ apiVersion, kind }).catch(() => ({ namespaced: true }));
  const namespace = namespaced ? { namespace: metadata.namespace ?? cluster.namespace } : {};
  return { ...inputs, metadata: { ...metadata, ...own, ...namespace } };
}

function autoName(name: string, before: Properties | undefined, metadata: Properties, seed: Uint8Array): Properties {
  const suffix = createHash('sha256').update(seed).update(name).digest('hex').slice(0, 8);
  const kept =
    fieldAt(before, 'metadata', 'annotations', AUTO_NAMED) === 'true' ? textAt(before, 'metadata', 'name') : undefined;
  const annotations = isProperties(metadata.annotations) ? metadata.annotations : {};
  return { name: kept ?? `${name}-${suffix}`, annotations: { ...annotations, [AUTO_NAMED]: 'true' } };
}
