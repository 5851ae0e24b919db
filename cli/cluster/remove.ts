import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATIONS, clusterNames, LABELS, SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden, isNotFound, KubeApiError } from '../kube/api-error';
import { deleteObject, getObject, listObjects } from '../kube/objects';
import { describeObject, type KubeObject, RESOURCES, type Resource } from '../kube/types';
import { controlPlaneSelector, isControlPlane } from './find';

const POLL_MS = 250;

/** What is removed, and how. */
export interface RemoveOptions {
  readonly api: Api;
  readonly name: string;
  readonly namespace: string;
  /** Keep the volume claim with the store's data. */
  readonly keepData: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what is going on. */
  readonly onStep?: (text: string) => void;
}

/** What became of the namespace. */
export type NamespaceFate = { readonly kind: 'deleted' } | { readonly kind: 'kept'; readonly reason: string };

/** Kinds that a virtual cluster may own on the host, in the order in which they go: what makes others goes first. */
const OWNED_KINDS: readonly Resource[] = [
  RESOURCES.statefulSets,
  RESOURCES.ingresses,
  RESOURCES.pods,
  RESOURCES.services,
  RESOURCES.endpoints,
  RESOURCES.endpointSlices,
  RESOURCES.networkPolicies,
  RESOURCES.podDisruptionBudgets,
  RESOURCES.configMaps,
  RESOURCES.secrets,
  RESOURCES.leases,
  RESOURCES.roleBindings,
  RESOURCES.roles,
  RESOURCES.serviceAccounts,
];

/** What a namespace must not hold any more before it may go with its cluster. */
const FOREIGN_KINDS: readonly Resource[] = [
  RESOURCES.statefulSets,
  RESOURCES.deployments,
  RESOURCES.daemonSets,
  RESOURCES.jobs,
  RESOURCES.pods,
  RESOURCES.services,
  RESOURCES.persistentVolumeClaims,
];

/**
 * Removes a virtual cluster and everything of it from the host, and waits until it is gone: first the control plane, so
 * that nothing makes new objects, then what it synced, then its own. Also finishes a removal that broke off.
 * @throws SubletError `NOT_READY` with what does not go away, or `INTERRUPTED`
 */
export async function removeCluster(options: RemoveOptions): Promise<NamespaceFate> {
  const { name, namespace, signal } = options;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    await refuseForeign(options, deadline);
    options.onStep?.('control plane');
    await removeKinds(options, [RESOURCES.statefulSets], [controlPlaneSelector(name)], deadline);
    await waitUntilGone(options, RESOURCES.pods, controlPlaneSelector(name), deadline);
    options.onStep?.('synced objects');
    await removeKinds(options, OWNED_KINDS, syncedSelectors(name), deadline);
    options.onStep?.('its own objects');
    await removeKinds(options, OWNED_KINDS, ownSelectors(name), deadline);
    await removeNamed(options, deadline);
    if (!options.keepData) {
      options.onStep?.('data');
      await removeKinds(
        options,
        [RESOURCES.persistentVolumeClaims],
        [...syncedSelectors(name), controlPlaneSelector(name)],
        deadline,
      );
    }
    return await removeNamespace(options, deadline);
  } catch (error) {
    if (signal.aborted) throw stopped(name, namespace);
    if (!deadline.aborted) throw error;
    throw await stuck(options);
  }
}

/** Whether anything of a virtual cluster is left in a namespace, so that {@link removeCluster} has something to do. */
export async function hasRemains(api: Api, name: string, namespace: string, signal: AbortSignal): Promise<boolean> {
  return (await findRemains(api, name, namespace, signal)).length > 0;
}

function syncedSelectors(name: string): readonly string[] {
  return [`${LABELS.managedBy}=${name}`, `${LABELS.belongsTo}=${name}`];
}

function ownSelectors(name: string): readonly string[] {
  return [controlPlaneSelector(name), `${LABELS.configOf}=${name}`];
}

async function removeKinds(
  options: RemoveOptions,
  kinds: readonly Resource[],
  selectors: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { api, namespace } = options;
  for (const resource of kinds) {
    for (const labelSelector of selectors) {
      for (const object of await listOrNone(api, resource, namespace, labelSelector, signal)) {
        await remove(api, resource, object, signal);
      }
    }
  }
  for (const resource of kinds) {
    for (const labelSelector of selectors) await waitUntilGone(options, resource, labelSelector, signal);
  }
}

/** vCluster uses the same labels: what it made is not ours to remove. */
async function refuseForeign({ api, name, namespace }: RemoveOptions, signal: AbortSignal): Promise<void> {
  const labelSelector = controlPlaneSelector(name);
  const [sets, deployments] = await Promise.all([
    listOrNone(api, RESOURCES.statefulSets, namespace, labelSelector, signal),
    listOrNone(api, RESOURCES.deployments, namespace, labelSelector, signal),
  ]);
  const foreign = [...sets.filter((found) => !isControlPlane(found)), ...deployments][0];
  if (foreign === undefined) return;
  throw new SubletError('OWNERSHIP_CONFLICT', `${describeObject(foreign)} in "${namespace}" was not made by sublet`, {
    hint: 'remove it with the tool that made it, such as `vcluster delete`',
  });
}

/** What the syncer makes under fixed names, with or without labels. */
async function removeNamed({ api, name, namespace }: RemoveOptions, signal: AbortSignal): Promise<void> {
  const names = clusterNames(name);
  const named: readonly (readonly [Resource, string])[] = [
    [RESOURCES.secrets, names.kubeconfigSecret],
    [RESOURCES.secrets, names.certsSecret],
    [RESOURCES.leases, names.lease],
  ];
  for (const [resource, objectName] of named) {
    await deleteObject(api, resource, namespace, objectName, { signal }).catch(ignoreForbidden);
  }
}

async function removeNamespace(options: RemoveOptions, signal: AbortSignal): Promise<NamespaceFate> {
  const { api, name, namespace } = options;
  const found = await getObject(api, RESOURCES.namespaces, undefined, namespace, { signal }).catch(ignoreForbidden);
  if (found?.metadata?.annotations?.[ANNOTATIONS.createdFor] !== name) {
    return { kind: 'kept', reason: 'it was there before the virtual cluster' };
  }
  for (const resource of FOREIGN_KINDS) {
    const [foreign] = await listOrNone(api, resource, namespace, undefined, signal);
    if (foreign !== undefined) return { kind: 'kept', reason: `it still holds ${describeObject(foreign)}` };
  }
  options.onStep?.(`namespace ${namespace}`);
  const uid = found.metadata?.uid;
  await deleteObject(api, RESOURCES.namespaces, undefined, namespace, { signal, ...(uid !== undefined && { uid }) });
  while ((await getObject(api, RESOURCES.namespaces, undefined, namespace, { signal })) !== undefined) {
    await sleep(POLL_MS, undefined, { signal });
  }
  return { kind: 'deleted' };
}

async function remove(api: Api, resource: Resource, object: KubeObject, signal: AbortSignal): Promise<void> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  try {
    await deleteObject(api, resource, namespace, name, { signal, ...(uid !== undefined && { uid }) });
  } catch (error) {
    // Another object took the name in between: it is not the one that was meant.
    if (error instanceof KubeApiError && error.status === 409) return;
    throw error;
  }
}

async function waitUntilGone(
  { api, namespace }: RemoveOptions,
  resource: Resource,
  labelSelector: string,
  signal: AbortSignal,
): Promise<void> {
  while ((await listOrNone(api, resource, namespace, labelSelector, signal)).length > 0) {
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** A kind that the host does not serve, or that may not be listed, can't have been used for the cluster. */
async function listOrNone(
  api: Api,
  resource: Resource,
  namespace: string,
  labelSelector: string | undefined,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  try {
    const query = labelSelector === undefined ? { namespace } : { namespace, labelSelector };
    return await listObjects<KubeObject>(api, resource, query, { signal });
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return [];
    throw error;
  }
}

async function findRemains(
  api: Api,
  name: string,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const selectors = [...syncedSelectors(name), ...ownSelectors(name)];
  const queries = OWNED_KINDS.flatMap((resource) =>
    selectors.map((labelSelector) => listOrNone(api, resource, namespace, labelSelector, signal)),
  );
  return (await Promise.all(queries)).flat();
}

function ignoreForbidden(error: unknown): undefined {
  if (!isForbidden(error)) throw error;
  return undefined;
}

async function stuck({ api, name, namespace, timeoutMs }: RemoveOptions): Promise<SubletError> {
  const remains = await findRemains(api, name, namespace, AbortSignal.timeout(5000)).catch(() => []);
  const list = remains.slice(0, 10).map((object) => `  ${describeObject(object)}`);
  const what = list.length > 0 ? `:\n${list.join('\n')}` : `: namespace ${namespace}`;
  return new SubletError('NOT_READY', `"${name}" is not gone after ${timeoutMs / 1000} s; still there${what}`, {
    hint: `a finalizer or an unreachable node may hold them (kubectl describe); then again: sublet delete ${name} -n ${namespace}`,
  });
}

function stopped(name: string, namespace: string): SubletError {
  return new SubletError('INTERRUPTED', `stopped before all of "${name}" was removed`, {
    hint: `finish it: sublet delete ${name} -n ${namespace}`,
  });
}
