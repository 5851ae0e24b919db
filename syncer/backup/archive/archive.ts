import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { SubletError } from '../../../lib/contract';
import { decrypt, deriveKey, encrypt } from './encryption';
import { type BackupHeader, encodeHeader, readHeader } from './header';
import { type BackupRecord, decodeRecords, encodeRecords } from './records';

/** What a header says beyond how the rest is encrypted. */
export type BackupFacts = Omit<BackupHeader, 'format' | 'version' | 'encryption'>;

/**
 * A backup as a stream of bytes: the header's line, then the records, compressed by gzip and, with a passphrase,
 * encrypted. Records are asked for as the bytes are.
 */
export async function* writeArchive(
  facts: BackupFacts,
  records: AsyncIterable<BackupRecord>,
  passphrase: string | undefined,
): AsyncGenerator<Buffer> {
  const salt = passphrase === undefined ? undefined : randomBytes(16);
  const encryption = salt && { cipher: 'aes-256-gcm' as const, salt: salt.toString('base64') };
  const line = encodeHeader({ format: 'sublet-backup', version: 1, ...facts, ...(encryption && { encryption }) });
  yield line;
  const packed = through(encodeRecords(records), createGzip());
  if (passphrase === undefined || salt === undefined) yield* packed;
  else yield* encrypt(packed, await deriveKey(passphrase, salt), line);
}

/** A backup that is being read. */
export interface OpenedArchive {
  readonly header: BackupHeader;
  /** What it holds. It is whole only once this has ended without an error. */
  readonly records: AsyncGenerator<BackupRecord>;
}

/**
 * Opens a backup.
 * @param passphrase asked for only if it is encrypted
 * @throws SubletError `BACKUP_INVALID` when it is none, or, from the records, when it was changed or cut off
 */
export async function readArchive(
  source: AsyncIterable<Buffer>,
  passphrase: () => string | undefined,
): Promise<OpenedArchive> {
  const { header, body } = await readHeader(source);
  const { encryption } = header;
  if (encryption === undefined) return { header, records: decodeRecords(through(body, createGunzip())) };
  const phrase = passphrase();
  if (phrase === undefined) {
    throw new SubletError('BACKUP_INVALID', 'the backup is encrypted', {
      hint: 'name the file that holds its passphrase with --passphrase-file',
    });
  }
  const key = await deriveKey(phrase, Buffer.from(encryption.salt, 'base64'));
  return { header, records: decodeRecords(through(decrypt(body, key, encodeHeader(header)), createGunzip())) };
}

/** Sends a stream through gzip or back. An error at either end ends both. */
async function* through(
  source: AsyncIterable<Buffer>,
  step: ReturnType<typeof createGzip> | ReturnType<typeof createGunzip>,
): AsyncGenerator<Buffer> {
  const from = Readable.from(source);
  from.on('error', (error) => step.destroy(error));
  from.pipe(step);
  try {
    for await (const chunk of step) yield chunk as Buffer;
  } catch (thrown) {
    if (thrown instanceof SubletError) throw thrown;
    const { code } = thrown as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) throw thrown;
    throw new SubletError('BACKUP_INVALID', 'the backup is broken: it is no gzip, or cut off', { cause: thrown });
  } finally {
    from.destroy();
    step.destroy();
  }
}
