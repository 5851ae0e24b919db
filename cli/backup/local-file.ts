import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { SubletError } from '../../lib/contract';
import { readArchive } from '../../syncer/backup/archive/archive';
import type { BackupHeader } from '../../syncer/backup/archive/header';

/** A backup that was read to its end and found whole. */
export interface CheckedBackup {
  readonly header: BackupHeader;
  /** How many keys of a store it holds. */
  readonly keys: number;
  /** Files of the control plane's keys in it. */
  readonly pki: { readonly [file: string]: string };
}

/** Where a backup can be read from, as often as needed. */
export type BackupBytes = () => AsyncIterable<Buffer>;

/** A backup in a file of this machine. */
export function fileBytes(path: string): BackupBytes {
  return async function* () {
    try {
      for await (const chunk of createReadStream(path)) if (Buffer.isBuffer(chunk)) yield chunk;
    } catch (cause) {
      throw new SubletError('USAGE', `${path} can't be read: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  };
}

/**
 * Reads a backup to its end.
 * @throws SubletError `BACKUP_INVALID` when it is not whole
 */
export async function checkBackup(bytes: BackupBytes, passphrase: string | undefined): Promise<CheckedBackup> {
  const { header, records } = await readArchive(bytes(), () => passphrase);
  const pki: { [file: string]: string } = {};
  let keys = 0;
  for await (const record of records) {
    if (record.kind === 'key') keys += 1;
    else pki[record.name] = record.content.toString();
  }
  return { header, keys, pki };
}

/** Writes a file that nobody else may read; it is there only once it is complete. @returns its size in bytes */
export async function writePrivately(path: string, bytes: AsyncIterable<Buffer>): Promise<number> {
  const partial = `${path}.partial`;
  let size = 0;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      for await (const chunk of bytes) {
        await file.write(chunk);
        size += chunk.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return size;
}

/** The passphrase in a file, without its line end. */
export async function readPassphrase(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SubletError('USAGE', `--passphrase-file: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  const passphrase = content.replace(/\r?\n$/, '');
  if (passphrase === '') throw new SubletError('USAGE', `--passphrase-file: ${path} is empty`);
  return passphrase;
}
