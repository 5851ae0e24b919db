import { ANNOTATIONS, CONTROL_PLANE_APP, LABELS } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden, isNotFound } from '../kube/api-error';
import { listObjects } from '../kube/objects';
import { describeObject, type KubeObject, RESOURCES, type Resource } from '../kube/types';
import { controlPlaneSelector } from './find';

/** Kinds that a virtual cluster may own on the host, in the order in which they go: what makes others goes first. */
export const OWNED_KINDS: readonly Resource[] = [
  RESOURCES.statefulSets,
  RESOURCES.ingresses,
  RESOURCES.pods,
  RESOURCES.services,
  RESOURCES.endpoints,
  RESOURCES.endpointSlices,
  RESOURCES.networkPolicies,
  RESOURCES.resourceQuotas,
  RESOURCES.limitRanges,
  RESOURCES.podDisruptionBudgets,
  RESOURCES.configMaps,
  RESOURCES.secrets,
  RESOURCES.leases,
  RESOURCES.roleBindings,
  RESOURCES.roles,
  RESOURCES.serviceAccounts,
];

/** Kinds of which a namespace may hold none of others' if it is to go with its cluster. */
const TELLING_KINDS: readonly Resource[] = [
  RESOURCES.statefulSets,
  RESOURCES.deployments,
  RESOURCES.daemonSets,
  RESOURCES.jobs,
  RESOURCES.pods,
  RESOURCES.services,
  RESOURCES.persistentVolumeClaims,
];

/** Selectors of what a virtual cluster synced. */
export function syncedSelectors(name: string): readonly string[] {
  return [`${LABELS.managedBy}=${name}`, `${LABELS.belongsTo}=${name}`];
}

/** Selectors of what makes up a virtual cluster itself. */
export function ownSelectors(name: string): readonly string[] {
  return [controlPlaneSelector(name), `${LABELS.configOf}=${name}`];
}

/** What is left of a virtual cluster in a namespace, its data aside. */
export async function findRemains(
  api: Api,
  name: string,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const selectors = [...syncedSelectors(name), ...ownSelectors(name)];
  return (await Promise.all(OWNED_KINDS.map((kind) => listAll(api, kind, namespace, selectors, signal)))).flat();
}

/** Whether a namespace goes with its virtual cluster, or why not. */
export type NamespacePlan =
  | { readonly kind: 'delete'; readonly uid: string | undefined }
  | { readonly kind: 'keep'; readonly reason: string };

/**
 * Decides over a namespace: it goes where `sublet create` made it for this virtual cluster and nothing of others is in
 * it. Data that is to be kept keeps it as well.
 */
export async function planNamespace(
  api: Api,
  name: string,
  found: KubeObject | undefined,
  keepData: boolean,
  signal: AbortSignal,
): Promise<NamespacePlan> {
  const { name: namespace = '', uid, annotations } = found?.metadata ?? {};
  if (annotations?.[ANNOTATIONS.createdFor] !== name) {
    return { kind: 'keep', reason: 'it was there before the virtual cluster' };
  }
  const lists = TELLING_KINDS.map((kind) => listAll(api, kind, namespace, [undefined], signal));
  const staying = (await Promise.all(lists))
    .flat()
    .find((object) => !isOf(object, name) || (keepData && object.kind === RESOURCES.persistentVolumeClaims.kind));
  return staying === undefined
    ? { kind: 'delete', uid }
    : { kind: 'keep', reason: `it still holds ${describeObject(staying)}` };
}

function isOf({ metadata }: KubeObject, name: string): boolean {
  const labels = metadata?.labels ?? {};
  const own = labels[LABELS.app] === CONTROL_PLANE_APP && labels[LABELS.release] === name;
  return own || [LABELS.managedBy, LABELS.belongsTo, LABELS.configOf].some((key) => labels[key] === name);
}

/**
 * The objects of a kind that one of the selectors finds. A kind that the host does not serve, or that may not be listed,
 * can't have been used for the cluster.
 */
export async function listAll(
  api: Api,
  kind: Resource,
  namespace: string | undefined,
  selectors: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const lists = selectors.map((labelSelector) => {
    const query = { namespace, ...(labelSelector === undefined ? {} : { labelSelector }) };
    return listObjects<KubeObject>(api, kind, query, { signal });
  });
  try {
    return (await Promise.all(lists)).flat();
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return [];
    throw error;
  }
}
