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
  const key = await keyOf(encryption.salt, passphrase);
  return { header, records: decodeRecords(through(decrypt(body, key, encodeHeader(header)), createGunzip())) };
}

/**
 * The same backup encrypted, where there is a passphrase.
 * @param source a backup that is not
 */
export async function* sealed(source: AsyncIterable<Buffer>, passphrase: string | undefined): AsyncGenerator<Buffer> {
  const { header, body } = await readHeader(source);
  if (passphrase === undefined) {
    yield encodeHeader(header);
    return yield* body;
  }
  const salt = randomBytes(16);
  const line = encodeHeader({ ...header, encryption: { cipher: 'aes-256-gcm', salt: salt.toString('base64') } });
  yield line;
  yield* encrypt(body, await deriveKey(passphrase, salt), line);
}

/**
 * The same backup without encryption, for a way that is encrypted itself.
 * @throws SubletError `BACKUP_INVALID` as {@link readArchive}
 */
export async function* unsealed(
  source: AsyncIterable<Buffer>,
  passphrase: () => string | undefined,
): AsyncGenerator<Buffer> {
  const { header, body } = await readHeader(source);
  const { encryption, ...plain } = header;
  yield encodeHeader(plain);
  if (encryption === undefined) yield* body;
  else yield* decrypt(body, await keyOf(encryption.salt, passphrase), encodeHeader(header));
}

function keyOf(salt: string, passphrase: () => string | undefined): Promise<Buffer> {
  const phrase = passphrase();
  if (phrase !== undefined) return deriveKey(phrase, Buffer.from(salt, 'base64'));
  throw new SubletError('BACKUP_INVALID', 'the backup is encrypted', {
    hint: 'name the file that holds its passphrase with --passphrase-file',
  });
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
