import { setTimeout as sleep } from 'node:timers/promises';
import type { Pod } from 'kubernetes-types/core/v1';
import { clusterNames, hostLabelKey, LABELS, SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden, KubeApiError } from '../kube/api-error';
import { deleteObject, getObject, pathFor } from '../kube/objects';
import { describeObject, type KubeObject, RESOURCES, type Resource } from '../kube/types';
import { disarmElsewhere, removeElsewhere } from './elsewhere';
import { controlPlaneSelector, isControlPlane } from './find';
import { findRemains, listAll, OWNED_KINDS, ownSelectors, planNamespace, syncedSelectors } from './remains';
import { missingRights, removalRights, rightsError } from './rights';

const POLL_MS = 250;
const SHORT_GRACE_SECONDS = 1;

/** What is removed, and how. */
export interface RemoveOptions {
  readonly api: Api;
  readonly name: string;
  readonly namespace: string;
  /** Keep the volume claim with the store's data, and the claims of tenants. */
  readonly keepData: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what is going on. */
  readonly onStep?: (text: string) => void;
}

/** What became of the namespace. */
export type NamespaceFate = { readonly kind: 'deleted' } | { readonly kind: 'kept'; readonly reason: string };

/**
 * Removes a virtual cluster and everything of it from the host, and waits until it is gone. Also finishes a removal that
 * broke off. Nothing comes back meanwhile: before all else the syncer loses the means to make objects. So its control
 * plane and its pods can end at the same time.
 * @throws SubletError `HOST_RIGHTS` or `OWNERSHIP_CONFLICT` before anything is removed, `NOT_READY` with what does not go
 * away, or `INTERRUPTED`
 */
export async function removeCluster(options: RemoveOptions): Promise<NamespaceFate> {
  const { name, namespace, signal } = options;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    await checkRights(options, deadline);
    await refuseForeign(options, deadline);
    await disarmElsewhere(options, deadline);
    const fate = await disarm(options, deadline);
    options.onStep?.('control plane and pods');
    await startRemoval(options, RESOURCES.statefulSets, [controlPlaneSelector(name)], deadline);
    await startRemoval(options, RESOURCES.pods, [controlPlaneSelector(name)], deadline, graceOfControlPlane(options));
    await startRemoval(options, RESOURCES.pods, syncedSelectors(name), deadline, graceOfSynced(name));
    await waitUntilGone(options, [RESOURCES.statefulSets, RESOURCES.pods], [controlPlaneSelector(name)], deadline);
    // From here on nobody is left who could make objects: what these sweeps find is all there is.
    options.onStep?.('synced objects');
    await removeKinds(options, OWNED_KINDS, syncedSelectors(name), deadline);
    await removeElsewhere(options, POLL_MS, deadline);
    if (options.keepData) await keepClaims(options, deadline);
    options.onStep?.('its own objects');
    await removeKinds(options, OWNED_KINDS, ownSelectors(name), deadline);
    await removeNamed(options, deadline);
    if (!options.keepData) {
      options.onStep?.('data');
      const selectors = [...syncedSelectors(name), controlPlaneSelector(name)];
      await removeKinds(options, [RESOURCES.persistentVolumeClaims], selectors, deadline);
    }
    if (fate.kind === 'deleted') await waitForNamespace(options, deadline);
    return fate;
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

async function checkRights({ api, namespace, keepData }: RemoveOptions, signal: AbortSignal): Promise<void> {
  const missing = await missingRights(api, removalRights(namespace, keepData), signal);
  if (missing.length > 0) throw await rightsError(api, missing, namespace, false);
}

/** vCluster uses the same labels: what it made is not ours to remove. */
async function refuseForeign({ api, name, namespace }: RemoveOptions, signal: AbortSignal): Promise<void> {
  const selectors = [controlPlaneSelector(name)];
  const [sets, deployments] = await Promise.all([
    listAll(api, RESOURCES.statefulSets, namespace, selectors, signal),
    listAll(api, RESOURCES.deployments, namespace, selectors, signal),
  ]);
  const foreign = [...sets.filter((found) => !isControlPlane(found)), ...deployments][0];
  if (foreign === undefined) return;
  throw new SubletError('OWNERSHIP_CONFLICT', `${describeObject(foreign)} in "${namespace}" was not made by sublet`, {
    hint: 'remove it with the tool that made it, such as `vcluster delete`',
  });
}

/**
 * Makes sure that the syncer can make nothing any more: in a namespace that is being deleted nobody can, and in one that
 * stays the syncer loses its rights.
 */
async function disarm(options: RemoveOptions, signal: AbortSignal): Promise<NamespaceFate> {
  const { api, name, namespace } = options;
  const found = await getObject(api, RESOURCES.namespaces, undefined, namespace, { signal }).catch(ignoreForbidden);
  const plan = await planNamespace(api, name, found, options.keepData, signal);
  if (plan.kind === 'keep') {
    await startRemoval(options, RESOURCES.roleBindings, ownSelectors(name), signal);
    return { kind: 'kept', reason: plan.reason };
  }
  await deleteObject(api, RESOURCES.namespaces, undefined, namespace, {
    signal,
    ...(plan.uid !== undefined && { uid: plan.uid }),
  });
  return { kind: 'deleted' };
}

async function removeKinds(
  options: RemoveOptions,
  kinds: readonly Resource[],
  selectors: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const resource of kinds) await startRemoval(options, resource, selectors, signal);
  await waitUntilGone(options, kinds, selectors, signal);
}

async function startRemoval(
  { api, namespace }: RemoveOptions,
  resource: Resource,
  selectors: readonly string[],
  signal: AbortSignal,
  graceOf: (object: KubeObject) => Grace = () => ({}),
): Promise<void> {
  for (const object of await listAll(api, resource, namespace, selectors, signal)) {
    const grace = graceOf(object);
    // What goes already can still be made to go sooner.
    const going = object.metadata?.deletionTimestamp !== undefined && grace.gracePeriodSeconds === undefined;
    if (!going) await remove(api, resource, object, signal, grace);
  }
}

/** Nothing where an object has its own way. */
type Grace = { readonly gracePeriodSeconds?: number };

/** Of a store that goes too nothing has to be written out, and a pod of which nothing ever ran has nothing to end. */
function graceOfControlPlane({ keepData }: RemoveOptions): (pod: KubeObject) => Grace {
  return (pod) => {
    // A kubelet that tries to pull an image hears of nothing else for up to a minute.
    if (!hasEverRun(pod)) return { gracePeriodSeconds: 0 };
    return keepData ? {} : { gracePeriodSeconds: SHORT_GRACE_SECONDS };
  };
}

function hasEverRun(pod: KubeObject & Pick<Pod, 'status'>): boolean {
  const { phase, initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const waiting = [...initContainerStatuses, ...containerStatuses].every(
    ({ state, lastState }) => state?.running === undefined && !state?.terminated && !lastState?.terminated,
  );
  return phase !== 'Pending' || !waiting;
}

/**
 * The tenant's pods end as they ask for. The cluster's DNS would go on answering for a while, until its clients have
 * heard of it: here nobody is left who asks.
 */
function graceOfSynced(name: string): (object: KubeObject) => Grace {
  const dnsLabel = hostLabelKey('k8s-app', name);
  return ({ metadata }) =>
    metadata?.labels?.[LABELS.namespace] === 'kube-system' && metadata.labels[dnsLabel] === 'kube-dns'
      ? { gracePeriodSeconds: SHORT_GRACE_SECONDS }
      : {};
}

/** Tenants' claims go with the Service that owns them: to keep their volumes, nobody must own them any more. */
async function keepClaims({ api, name, namespace }: RemoveOptions, signal: AbortSignal): Promise<void> {
  const claims = await listAll(api, RESOURCES.persistentVolumeClaims, namespace, syncedSelectors(name), signal);
  for (const { metadata } of claims) {
    if (metadata?.ownerReferences === undefined) continue;
    await api.request({
      method: 'PATCH',
      path: pathFor(RESOURCES.persistentVolumeClaims, namespace, metadata.name ?? ''),
      contentType: 'application/merge-patch+json',
      body: { metadata: { uid: metadata.uid, ownerReferences: null } },
      signal,
    });
  }
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

async function remove(
  api: Api,
  resource: Resource,
  object: KubeObject,
  signal: AbortSignal,
  grace: Grace,
): Promise<void> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  try {
    await deleteObject(api, resource, namespace, name, { signal, ...grace, ...(uid !== undefined && { uid }) });
  } catch (error) {
    // Another object took the name in between: it is not the one that was meant.
    if (error instanceof KubeApiError && error.status === 409) return;
    throw error;
  }
}

async function waitUntilGone(
  { api, namespace }: RemoveOptions,
  kinds: readonly Resource[],
  selectors: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const resource of kinds) {
    while ((await listAll(api, resource, namespace, selectors, signal)).length > 0) {
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

async function waitForNamespace({ api, namespace, onStep }: RemoveOptions, signal: AbortSignal): Promise<void> {
  onStep?.(`namespace ${namespace}`);
  while ((await getObject(api, RESOURCES.namespaces, undefined, namespace, { signal })) !== undefined) {
    await sleep(POLL_MS, undefined, { signal });
  }
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
