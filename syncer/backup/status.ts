import {
  BACKUP_STATUS_KEY,
  type BackupStatus,
  backupStatus,
  backupStatusName,
  clusterNames,
  controlPlaneLabels,
} from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import { apiVersionOf, RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject } from '../kube/types';

interface ConfigMap extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/** Whose status it is. */
export interface StatusOwner {
  readonly cluster: string;
  readonly namespace: string;
  /** UID of the host Service `<cluster>`: the ConfigMap goes when that goes. */
  readonly ownerUid: string;
}

/** What is known of earlier backups; nothing where there is no note, or one that cannot be read. */
export async function readStatus(
  host: Pick<KubeClient, 'get'>,
  { cluster, namespace }: Pick<StatusOwner, 'cluster' | 'namespace'>,
  signal: AbortSignal,
): Promise<BackupStatus> {
  const found = await host.get<ConfigMap>(RESOURCES.configMaps, namespace, backupStatusName(cluster), { signal });
  return parseStatus(found?.data?.[BACKUP_STATUS_KEY]);
}

/** Reads the note of a ConfigMap. */
export function parseStatus(text: string | undefined): BackupStatus {
  try {
    return backupStatus.parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

/** Notes what became of the backups. */
export async function writeStatus(
  host: Pick<KubeClient, 'patch' | 'create'>,
  owner: StatusOwner,
  status: BackupStatus,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, namespace, ownerUid } = owner;
  const name = backupStatusName(cluster);
  const data = { [BACKUP_STATUS_KEY]: JSON.stringify(status) };
  const options = { signal, type: 'application/merge-patch+json' as const };
  try {
    await host.patch(RESOURCES.configMaps, namespace, name, { data }, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    const service = { apiVersion: 'v1', kind: 'Service', name: clusterNames(cluster).controlPlane, uid: ownerUid };
    const object: ConfigMap = {
      apiVersion: apiVersionOf(RESOURCES.configMaps),
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: { ...controlPlaneLabels(cluster) }, ownerReferences: [service] },
      data,
    };
    await host.create(RESOURCES.configMaps, namespace, object, { signal });
  }
}
