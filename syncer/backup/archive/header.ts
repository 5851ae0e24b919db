import * as z from 'zod';
import { SubletError } from '../../../lib/contract';

/** The first line of a backup: whose it is and how it is read. It is never encrypted, and holds nothing secret. */
export const headerSchema = z.strictObject({
  format: z.literal('sublet-backup'),
  version: z.literal(1),
  /** Name of the virtual cluster. */
  cluster: z.string(),
  /** UID of its namespace `kube-system`. */
  uid: z.string(),
  /** Version of its control plane: `1.37.2`. */
  kubernetes: z.string(),
  /** Revision of the store at which all keys were read. */
  revision: z.number(),
  /** When it was begun, RFC 3339. */
  takenAt: z.iso.datetime(),
  /** How what follows is encrypted. */
  encryption: z
    .strictObject({
      cipher: z.literal('aes-256-gcm'),
      /** Salt of scrypt, by which the key is made from the passphrase. Base64. */
      salt: z.base64(),
    })
    .optional(),
});

/** The first line of a backup. */
export type BackupHeader = z.infer<typeof headerSchema>;

/** The first line of a backup, as bytes. */
export function encodeHeader(header: BackupHeader): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** No first line is longer, in bytes: a file that is none of ours must not be read to its end. */
const LONGEST = 4_096;

/**
 * Reads the first line of a backup.
 * @returns what follows it, too
 * @throws SubletError `BACKUP_INVALID` when this is no backup, or one of a later Sublet
 */
export async function readHeader(
  source: AsyncIterable<Buffer>,
): Promise<{ readonly header: BackupHeader; readonly body: AsyncGenerator<Buffer> }> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!head.includes('\n') && head.length < LONGEST) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const end = head.indexOf('\n');
  const header = end < 0 ? undefined : headerSchema.safeParse(parse(head.subarray(0, end).toString())).data;
  if (header === undefined) {
    throw new SubletError('BACKUP_INVALID', 'this is no backup of a virtual cluster that this version can read');
  }
  return { header, body: rest(head.subarray(end + 1), chunks) };
}

async function* rest(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
