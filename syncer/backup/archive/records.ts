import { createHash } from 'node:crypto';
import { SubletError } from '../../../lib/contract';
import { ByteReader } from './byte-reader';

/** One thing that a backup holds. */
export type BackupRecord =
  /** A file of the control plane's certificates and keys: a key of the Secret `<cluster>-certs`. */
  | { readonly kind: 'pki'; readonly name: string; readonly content: Buffer }
  /** A key of the store. */
  | { readonly kind: 'key'; readonly key: Buffer; readonly value: Buffer; readonly leased: boolean };

const TYPES = { pki: 1, key: 2, leasedKey: 3, end: 255 } as const;

/** Type, length of the name, length of the content. */
const PREFIX = 9;
const DIGEST = 32;

/** Nothing in a store is larger, in bytes: etcd takes 1.5 MiB, and some raise that. A broken file must not fill the memory. */
const LARGEST = 64 << 20;

/** Writes records one after the other, then how many there were and the SHA-256 of it all. */
export async function* encodeRecords(records: AsyncIterable<BackupRecord>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const record of records) {
    const bytes = encode(record);
    hash.update(bytes);
    count += 1;
    yield bytes;
  }
  const total = Buffer.alloc(8);
  total.writeBigUInt64BE(BigInt(count));
  yield framed(TYPES.end, total, hash.update(total).digest());
}

function encode(record: BackupRecord): Buffer {
  if (record.kind === 'pki') return framed(TYPES.pki, Buffer.from(record.name), record.content);
  return framed(record.leased ? TYPES.leasedKey : TYPES.key, record.key, record.value);
}

function framed(type: number, name: Buffer, content: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt8(type, 0);
  prefix.writeUInt32BE(name.length, 1);
  prefix.writeUInt32BE(content.length, 5);
  return Buffer.concat([prefix, name, content]);
}

/**
 * Undoes {@link encodeRecords}. What it gives is whole only once it has ended without an error.
 * @throws SubletError `BACKUP_INVALID` when something is missing or was changed
 */
export async function* decodeRecords(source: AsyncIterable<Buffer>): AsyncGenerator<BackupRecord> {
  const reader = new ByteReader(source);
  const hash = createHash('sha256');
  for (let count = 0; ; count += 1) {
    const prefix = await reader.take(PREFIX);
    if (prefix.length < PREFIX) throw broken('it is cut off');
    const type = prefix.readUInt8(0);
    const nameLength = prefix.readUInt32BE(1);
    const length = nameLength + prefix.readUInt32BE(5);
    if (length > LARGEST) throw broken('a record is larger than any can be');
    const bytes = await reader.take(length);
    if (bytes.length < length) throw broken('it is cut off');
    const [name, content] = [bytes.subarray(0, nameLength), bytes.subarray(nameLength)];
    if (type === TYPES.end) {
      if (nameLength !== 8 || content.length !== DIGEST) throw broken('its end is none');
      if (Number(name.readBigUInt64BE()) !== count) throw broken('records are missing');
      if (!hash.update(name).digest().equals(content)) throw broken('its SHA-256 is another one');
      return;
    }
    hash.update(prefix).update(bytes);
    if (type === TYPES.pki) yield { kind: 'pki', name: name.toString(), content };
    else if (type === TYPES.key) yield { kind: 'key', key: name, value: content, leased: false };
    else if (type === TYPES.leasedKey) yield { kind: 'key', key: name, value: content, leased: true };
    else throw broken(`a record is of the unknown type ${type}`);
  }
}

function broken(how: string): SubletError {
  return new SubletError('BACKUP_INVALID', `the backup is broken: ${how}`);
}
