import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar-stream';
import { addStream } from './layer';
import { blobFile, type ImageLayout, type ImageSpec, writeImageLayout } from './layout';

/** What {@link makeImage} makes, and where. */
export interface MakeImageOptions extends ImageSpec {
  /** Path of the archive. */
  readonly out: string;
}

/**
 * Makes an image without Docker: an archive that containerd, Docker (`docker load`) and Podman take, since it is an OCI
 * layout and a Docker archive at once. Equal input gives an equal archive. It appears only when it is complete.
 */
export async function makeImage({ out, ...spec }: MakeImageOptions): Promise<void> {
  const work = await mkdtemp(join(dirname(out), '.image-'));
  try {
    const layout = await writeImageLayout(spec, join(work, 'layout'));
    const temporary = join(work, 'archive.tar');
    await pipeline(archiveStream([layout]), createWriteStream(temporary));
    await rename(temporary, out);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** One archive of several images, as a stream. Blobs that images share are in it once. */
export function archiveStream(layouts: readonly ImageLayout[]): Readable {
  const pack = tar.pack();
  fill(pack, layouts).then(
    () => pack.finalize(),
    (error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(pack, { objectMode: false, highWaterMark: 1 << 20 });
}

async function fill(pack: tar.Pack, layouts: readonly ImageLayout[]): Promise<void> {
  const indexes = await Promise.all(layouts.map(({ directory }) => readIndex(directory)));
  const manifests = indexes.flatMap((index) => index.manifests);
  addText(pack, 'oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  addText(pack, 'index.json', JSON.stringify({ ...indexes[0], manifests }));
  addText(pack, 'manifest.json', JSON.stringify(layouts.map(dockerManifest)));
  const written = new Set<string>();
  for (const { directory, manifest, parts } of layouts) {
    for (const blob of [manifest, ...parts]) {
      if (written.has(blob.digest)) continue;
      written.add(blob.digest);
      const name = `blobs/sha256/${blob.digest}`;
      await addStream(pack, { name, size: blob.size, mode: 0o644, mtime: new Date(0) }, blobFile(directory, blob));
    }
  }
}

/** The entry of `manifest.json` by which `docker load` finds an image. */
function dockerManifest({ reference, parts }: ImageLayout): object {
  const [config, ...layers] = parts.map(({ digest }) => `blobs/sha256/${digest}`);
  return { Config: config, RepoTags: [reference], Layers: layers };
}

async function readIndex(directory: string): Promise<{ manifests: unknown[] }> {
  const index: { manifests: unknown[] } = JSON.parse(await readFile(join(directory, 'index.json'), 'utf8'));
  return index;
}

function addText(pack: tar.Pack, name: string, content: string): void {
  pack.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
}
