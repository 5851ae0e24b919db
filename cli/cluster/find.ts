import type { StatefulSet } from 'kubernetes-types/apps/v1';
import { CONTROL_PLANE_APP, defaultHostNamespace, LABELS, SubletError, SYNCER_ENV } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden } from '../kube/api-error';
import { type CallOptions, getObject, listObjects } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';

/** The StatefulSet of a control plane, as far as the command reads it. */
export type ControlPlane = KubeObject & Pick<StatefulSet, 'spec' | 'status'>;

/** A virtual cluster on the host. */
export interface FoundCluster {
  readonly name: string;
  readonly namespace: string;
  readonly controlPlane: ControlPlane;
}

/** Label selector of all control planes, or of one. */
export function controlPlaneSelector(name?: string): string {
  const app = `${LABELS.app}=${CONTROL_PLANE_APP}`;
  return name === undefined ? app : `${app},${LABELS.release}=${name}`;
}

/** Whether a StatefulSet is one of ours: vCluster labels its own in the same way, but runs another syncer. */
export function isControlPlane(statefulSet: ControlPlane): boolean {
  const containers = statefulSet.spec?.template?.spec?.containers ?? [];
  return containers.some((container) => container.env?.some((variable) => variable.name === SYNCER_ENV.cluster));
}

/**
 * The virtual clusters in a namespace, or in all.
 * @throws KubeApiError where the identity in use may not list StatefulSets there
 */
export async function listClusters(
  api: Api,
  namespace: string | undefined,
  options: CallOptions = {},
): Promise<readonly FoundCluster[]> {
  const query = { namespace, labelSelector: controlPlaneSelector() };
  const found = await listObjects<ControlPlane>(api, RESOURCES.statefulSets, query, options);
  return found.flatMap((controlPlane) => {
    const cluster = foundCluster(controlPlane);
    return cluster === undefined ? [] : [cluster];
  });
}

/**
 * The virtual cluster of a name: in the given namespace, else in its default one, else wherever there is one.
 * @returns `undefined` where there is none
 * @throws SubletError `USAGE` when several namespaces hold one
 */
export async function findCluster(
  api: Api,
  name: string,
  namespace: string | undefined,
  options: CallOptions = {},
): Promise<FoundCluster | undefined> {
  const first = namespace ?? defaultHostNamespace(name);
  const controlPlane = await getObject<ControlPlane>(api, RESOURCES.statefulSets, first, name, options);
  const found = controlPlane && foundCluster(controlPlane);
  if (found !== undefined || namespace !== undefined) return found;
  const others = (await listAnywhere(api, options)).filter((cluster) => cluster.name === name);
  if (others.length > 1) {
    throw new SubletError('USAGE', `virtual clusters called "${name}" exist in several namespaces`, {
      hint: `say which with -n: ${others.map((cluster) => cluster.namespace).join(', ')}`,
    });
  }
  return others[0];
}

/**
 * Like {@link findCluster}, for commands that need one.
 * @throws SubletError `CLUSTER_NOT_FOUND` where there is none
 */
export async function requireCluster(
  api: Api,
  name: string,
  namespace: string | undefined,
  options: CallOptions = {},
): Promise<FoundCluster> {
  const found = await findCluster(api, name, namespace, options);
  if (found !== undefined) return found;
  const where = namespace === undefined ? '' : ` in namespace "${namespace}"`;
  throw new SubletError('CLUSTER_NOT_FOUND', `no virtual cluster "${name}"${where} on ${api.contextName}`, {
    hint: `see what there is with \`sublet list\`, or make it with \`sublet create ${name}\``,
  });
}

async function listAnywhere(api: Api, options: CallOptions): Promise<readonly FoundCluster[]> {
  try {
    return await listClusters(api, undefined, options);
  } catch (error) {
    // Whoever may not look into all namespaces has to name one.
    if (isForbidden(error)) return [];
    throw error;
  }
}

function foundCluster(controlPlane: ControlPlane): FoundCluster | undefined {
  const { name, namespace, labels } = controlPlane.metadata ?? {};
  if (name === undefined || namespace === undefined) return undefined;
  const labelled = labels?.[LABELS.app] === CONTROL_PLANE_APP && labels[LABELS.release] === name;
  return labelled && isControlPlane(controlPlane) ? { name, namespace, controlPlane } : undefined;
}
