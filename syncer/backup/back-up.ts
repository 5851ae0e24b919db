import { type BackupStatus, FILES, type ScheduledBackups, SubletError } from '../../lib/contract';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject } from '../kube/types';
import { type BackupFacts, writeArchive } from './archive/archive';
import type { BackupRecord } from './archive/records';
import { openBucket } from './objects/bucket';
import { type BackupOwner, backupKey, backupPrefix, superfluous } from './objects/names';
import { bucketSettings, passphraseOf, pkiRecords, type SecretReader, secretReader } from './secrets';
import { createStoreClient } from './store/client';
import { takeSnapshot } from './store/snapshot';

/** Whose store is saved, and what with. */
export interface BackupSource extends BackupOwner {
  readonly namespace: string;
  readonly kubernetes: string;
  readonly host: Pick<KubeClient, 'get'>;
  /** Unix socket of the store. @default FILES.kineSocket */
  readonly socket?: string;
  readonly now: () => Date;
}

/** Facts of a backup that is complete. */
export type CompleteBackup = NonNullable<BackupStatus['last']>;

interface Secret extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

function secretsOf({ host, namespace }: BackupSource, signal: AbortSignal): SecretReader {
  return secretReader(namespace, async (name) => {
    const secret = await host.get<Secret>(RESOURCES.secrets, namespace, name, { signal });
    return secret === undefined ? undefined : (secret.data ?? {});
  });
}

/** A backup as a stream of bytes, and how many records it had once it has ended. */
export interface BackupStream {
  readonly takenAt: Date;
  readonly bytes: AsyncIterable<Buffer>;
  count(): number;
}

/**
 * Reads the store as it is now into a backup.
 * @param keys whether the keys of the control plane are in it
 */
export async function streamBackup(
  source: BackupSource,
  { keys, passphrase }: { readonly keys: ScheduledBackups['keys']; readonly passphrase: string | undefined },
  signal: AbortSignal,
): Promise<BackupStream> {
  const { cluster, uid, kubernetes, socket = FILES.kineSocket } = source;
  const secrets = secretsOf(source, signal);
  const pki = keys === 'included' ? await pkiRecords(cluster, secrets) : [];
  const store = createStoreClient(socket);
  const takenAt = source.now();
  let count = 0;
  const { revision, items } = await takeSnapshot(store).catch((error: unknown) => {
    store.close();
    throw error;
  });
  async function* records(): AsyncGenerator<BackupRecord> {
    try {
      yield* pki;
      for await (const item of items) {
        signal.throwIfAborted();
        count += 1;
        yield { kind: 'key', ...item };
      }
    } finally {
      store.close();
    }
  }
  const facts: BackupFacts = { cluster, uid, kubernetes, revision, takenAt: takenAt.toISOString() };
  return { takenAt, bytes: writeArchive(facts, records(), passphrase), count: () => count };
}

/**
 * Saves the store once, then deletes backups that are more than are to be kept.
 * @throws SubletError `OBJECT_STORE`, `CONFIG_INVALID` when a Secret is missing, or what the store of the cluster said
 */
export async function backUp(
  section: ScheduledBackups,
  source: BackupSource,
  signal: AbortSignal,
): Promise<CompleteBackup> {
  const secrets = secretsOf(source, signal);
  const bucket = openBucket(await bucketSettings(section.to, secrets));
  const passphrase = await passphraseOf(section, secrets);
  const started = performance.now();
  const { takenAt, bytes, count } = await streamBackup(source, { keys: section.keys, passphrase }, signal);
  const { prefix } = section.to;
  const key = backupKey(prefix, source, takenAt);
  const size = await bucket.put(key, bytes, signal);
  const seconds = Math.round(performance.now() - started) / 1_000;
  // Nothing older goes before the new one was seen whole.
  const stored = await bucket.list(backupPrefix(prefix, source), signal);
  if (stored.find((object) => object.key === key)?.size !== size) {
    throw new SubletError('OBJECT_STORE', `${section.to.endpoint} took ${key} and does not show it as it was sent`);
  }
  for (const old of superfluous(stored, prefix, source, section.keep)) await bucket.delete(old, signal);
  return { key, takenAt: takenAt.toISOString(), size, keys: count(), seconds };
}
