import {
  BACKUP_STATUS_KEY,
  type BackupStatus,
  backupStatusName,
  parseSection,
  type ScheduledBackups,
  SECTION_KEY,
  SubletError,
  sectionConfigMapName,
} from '../../lib/contract';
import { type Bucket, openBucket } from '../../syncer/backup/objects/bucket';
import { timeInKey } from '../../syncer/backup/objects/names';
import { bucketSettings, passphraseOf, secretReader } from '../../syncer/backup/secrets';
import { parseStatus } from '../../syncer/backup/status';
import type { FoundCluster } from '../cluster/find';
import type { Api } from '../kube/api';
import { getObject } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';

interface WithData extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/** A backup in the object store that is declared. */
export interface ListedBackup {
  readonly key: string;
  readonly takenAt: string;
  /** In bytes. */
  readonly size: number;
}

/** The object store that a virtual cluster's declaration names, as this machine reaches it. */
export interface DeclaredStore {
  readonly bucket: Bucket;
  /** What backups in it are encrypted with. */
  readonly passphrase: string | undefined;
  /** The backups of this cluster, and of earlier ones of its name, oldest first. */
  list(): Promise<readonly ListedBackup[]>;
}

/**
 * Opens the object store that a virtual cluster's declaration names.
 * @throws SubletError `CONFIG_INVALID` where none is declared, or a Secret is missing
 */
export async function openDeclaredStore(api: Api, cluster: FoundCluster, signal: AbortSignal): Promise<DeclaredStore> {
  const { name, namespace } = cluster;
  const section = await declaredBackup(api, cluster, signal);
  const secrets = secretReader(namespace, async (secret) => {
    const found = await getObject<WithData>(api, RESOURCES.secrets, namespace, secret, { signal });
    return found === undefined ? undefined : (found.data ?? {});
  });
  const bucket = openBucket(await bucketSettings(section.to, secrets));
  const { prefix } = section.to;
  return {
    bucket,
    passphrase: await passphraseOf(section, secrets),
    list: async () =>
      (await bucket.list(`${prefix}${name}-`, signal))
        .flatMap(({ key, size }) => {
          const takenAt = timeInKey(key, prefix, name);
          return takenAt === undefined ? [] : [{ key, takenAt: takenAt.toISOString(), size }];
        })
        .sort((a, b) => a.takenAt.localeCompare(b.takenAt)),
  };
}

async function declaredBackup(
  api: Api,
  { name, namespace }: FoundCluster,
  signal: AbortSignal,
): Promise<ScheduledBackups> {
  const configMap = sectionConfigMapName(name, 'backup');
  const found = await getObject<WithData>(api, RESOURCES.configMaps, namespace, configMap, { signal });
  const text = found?.data?.[SECTION_KEY];
  const section = text === undefined ? undefined : parseSection('backup', text);
  if (section?.mode === 'scheduled') return section;
  throw new SubletError('CONFIG_INVALID', `no backups are declared for "${name}"`, {
    hint: 'declare `backup` (docs/guides/backup.md), or use a file: `sublet backup create`, `sublet restore --from`',
  });
}

/** What the syncer noted of the backups; nothing where there are none. */
export async function readBackupStatus(
  api: Api,
  { name, namespace }: FoundCluster,
  signal: AbortSignal,
): Promise<BackupStatus> {
  const found = await getObject<WithData>(api, RESOURCES.configMaps, namespace, backupStatusName(name), { signal });
  return parseStatus(found?.data?.[BACKUP_STATUS_KEY]);
}
