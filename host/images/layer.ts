import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar-stream';
import { completeEntries, type RootfsEntry } from './rootfs';

/** A file with its SHA-256 (hex) and size in bytes. */
export interface Digested {
  readonly digest: string;
  readonly size: number;
}

/**
 * Writes a layer: an uncompressed tar, owned by root, without times, so that equal input gives an equal digest.
 * Compression would only cost time, as the layer does not leave the machine.
 */
export async function writeLayer(entries: readonly RootfsEntry[], file: string): Promise<Digested> {
  const pack = tar.pack();
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const written = pipeline(pack, measure, createWriteStream(file));
  for (const entry of completeEntries(entries)) await addEntry(pack, entry);
  pack.finalize();
  await written;
  return { digest: hash.digest('hex'), size };
}

async function addEntry(pack: tar.Pack, entry: RootfsEntry): Promise<void> {
  const common = { uid: 0, gid: 0, mtime: new Date(0) };
  switch (entry.kind) {
    case 'directory':
      pack.entry({ ...common, name: `${entry.path}/`, type: 'directory', mode: entry.mode ?? 0o755 });
      return;
    case 'symlink':
      pack.entry({ ...common, name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 });
      return;
    case 'text':
      pack.entry({ ...common, name: entry.path, mode: entry.mode ?? 0o644 }, entry.content);
      return;
    case 'file': {
      const { size } = await stat(entry.source);
      await addStream(pack, { ...common, name: entry.path, mode: entry.mode ?? 0o644, size }, entry.source);
    }
  }
}

/** What the header of a file in a tar says; its size must be known beforehand. */
export type FileHeader = Partial<tar.Header> & Pick<tar.Header, 'name' | 'size'>;

/** Copies a file into a tar that is being written. */
export async function addStream(pack: tar.Pack, header: FileHeader, source: string): Promise<void> {
  await pipeline(createReadStream(source, { highWaterMark: 1 << 20 }), pack.entry(header));
}
