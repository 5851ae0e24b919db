import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { SubletError } from '../../../lib/contract';
import { ByteReader } from './byte-reader';

/** Plain bytes in one piece, each with a tag of its own: nothing is passed on before it was proved genuine. */
const PIECE = 64 << 10;
const TAG = 16;
const KEY = 32;

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** The key that a passphrase makes with a backup's salt. It takes 32 MiB and a tenth of a second, so that guessing is slow. */
export function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return derive(passphrase, salt, KEY, { N: 1 << 15, r: 8, p: 1, maxmem: 64 << 20 });
}

/**
 * Encrypts a stream in pieces. A piece's nonce is its number, and whether it is the last one, so that none can be left
 * out, moved or cut off. The key must not be used for another stream: each backup has its own salt.
 * @param bound what must be the same when it is decrypted
 */
export async function* encrypt(source: AsyncIterable<Buffer>, key: Buffer, bound: Buffer): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let piece = await reader.take(PIECE);
  for (let index = 0; ; index += 1) {
    const next = await reader.take(PIECE);
    const last = next.length === 0;
    const cipher = createCipheriv('aes-256-gcm', key, nonce(index, last)).setAAD(bound);
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
    if (last) return;
    piece = next;
  }
}

/**
 * Undoes {@link encrypt}.
 * @throws SubletError `BACKUP_INVALID` when the key is another one, or the stream was changed or cut off
 */
export async function* decrypt(source: AsyncIterable<Buffer>, key: Buffer, bound: Buffer): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let piece = await reader.take(PIECE + TAG);
  for (let index = 0; ; index += 1) {
    const next = await reader.take(PIECE + TAG);
    const last = next.length === 0;
    yield open(piece, key, nonce(index, last), bound, index);
    if (last) return;
    piece = next;
  }
}

function open(piece: Buffer, key: Buffer, iv: Buffer, bound: Buffer, index: number): Buffer {
  try {
    if (piece.length < TAG) throw new Error('it is cut off');
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG }).setAAD(bound);
    decipher.setAuthTag(piece.subarray(-TAG));
    return Buffer.concat([decipher.update(piece.subarray(0, -TAG)), decipher.final()]);
  } catch (cause) {
    const problem =
      index === 0 ? 'the passphrase is another one, or the backup was changed' : 'the backup was changed or cut off';
    throw new SubletError('BACKUP_INVALID', problem, { cause });
  }
}

function nonce(index: number, last: boolean): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(index, 7);
  iv[11] = last ? 1 : 0;
  return iv;
}
