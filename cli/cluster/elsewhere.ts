import { setTimeout as sleep } from 'node:timers/promises';
import { clusterNames, LABELS, safeConcat } from '../../lib/contract';
import type { Api } from '../kube/api';
import { deleteObject } from '../kube/objects';
import { type KubeObject, RESOURCES, type Resource } from '../kube/types';
import { controlPlaneSelector } from './find';
import { listAll, OWNED_KINDS } from './remains';

/** A virtual cluster whose objects outside of its own host namespace are meant. */
export interface Elsewhere {
  readonly api: Api;
  readonly name: string;
  readonly namespace: string;
  /** Keep volumes. */
  readonly keepData: boolean;
}

/** One object, with the kind by which it is deleted. */
interface Found {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/** Cluster-scoped kinds that a tenant may have copied to the host. */
const CLUSTER_SCOPED: readonly Resource[] = [
  RESOURCES.namespaces,
  RESOURCES.priorityClasses,
  RESOURCES.storageClasses,
  RESOURCES.volumeSnapshotContents,
];

const BINDINGS: readonly Resource[] = [RESOURCES.clusterRoleBindings, RESOURCES.roleBindings];
const ROLES: readonly Resource[] = [RESOURCES.clusterRoles, RESOURCES.roles];

/** Takes the syncer's rights outside of its own namespace, so that it can make nothing there any more. */
export async function disarmElsewhere(cluster: Elsewhere, signal: AbortSignal): Promise<void> {
  await removeAll(cluster, await rightsOf(cluster, BINDINGS, signal), signal);
}

/**
 * Removes what a virtual cluster has outside of its own host namespace: copies of cluster-scoped objects, host
 * namespaces that it made, what lies in others, its Services under given names and its rights. Waits until all is gone.
 */
export async function removeElsewhere(cluster: Elsewhere, pollMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const found = await findElsewhere(cluster, signal);
    if (found.length === 0) return;
    await removeAll(cluster, found, signal);
    await sleep(pollMs, undefined, { signal });
  }
}

async function findElsewhere(cluster: Elsewhere, signal: AbortSignal): Promise<readonly Found[]> {
  const { name, namespace, keepData } = cluster;
  const marker = safeConcat(namespace, 'x', name);
  const kinds = keepData ? CLUSTER_SCOPED : [...CLUSTER_SCOPED, RESOURCES.persistentVolumes];
  const lists = await Promise.all([
    // Leases: the host names that it claims, in a namespace that all clusters share.
    ...[...kinds, RESOURCES.leases].map((kind) => found(cluster, kind, `${LABELS.managedBy}=${marker}`, signal)),
    ...OWNED_KINDS.map((kind) => found(cluster, kind, `${LABELS.scope}=${marker}`, signal)),
    ...[RESOURCES.services, RESOURCES.endpointSlices].map((kind) =>
      found(cluster, kind, `${LABELS.mappedFrom}=${marker}`, signal),
    ),
    rightsOf(cluster, [...BINDINGS, ...ROLES], signal),
  ]);
  return lists.flat();
}

/** The syncer's roles outside of its namespace, and who they are bound to: their name tells the namespace. */
async function rightsOf(
  cluster: Elsewhere,
  kinds: readonly Resource[],
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const { name, namespace } = cluster;
  const roleName = `${clusterNames(name).serviceAccount}-v-${namespace}`;
  const lists = await Promise.all(kinds.map((kind) => found(cluster, kind, controlPlaneSelector(name), signal)));
  return lists.flat().filter(({ object }) => object.metadata?.name === roleName);
}

async function found(
  { api, namespace }: Elsewhere,
  resource: Resource,
  selector: string,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const objects = await listAll(api, resource, undefined, [selector], signal);
  return objects.filter(({ metadata }) => metadata?.namespace !== namespace).map((object) => ({ resource, object }));
}

async function removeAll({ api }: Elsewhere, all: readonly Found[], signal: AbortSignal): Promise<void> {
  for (const { resource, object } of all) {
    const { namespace, name = '', uid, deletionTimestamp } = object.metadata ?? {};
    if (deletionTimestamp === undefined)
      await deleteObject(api, resource, namespace, name, { signal, ...(uid !== undefined && { uid }) });
  }
}
