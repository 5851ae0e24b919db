import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '../process/error-code';
import { writeFileAtomic } from '../process/files';
import { type Blob, blobFile, type ImageLayout } from './layout';

/**
 * Puts an image into the storage of a (CNCF Distribution) registry, without pushing: the blobs become hard links, so that
 * hundreds of megabytes take no time. The layout of the storage is documented and has not changed since version 2.
 */
export async function addToRegistry(root: string, layout: ImageLayout): Promise<void> {
  const base = join(root, 'docker', 'registry', 'v2');
  const { repository, tag } = parseReference(layout.reference);
  const folder = join(base, 'repositories', repository);
  for (const blob of [layout.manifest, ...layout.parts]) await addBlob(base, layout.directory, blob);
  for (const part of layout.parts) await writeLink(join(folder, '_layers', 'sha256', part.digest), part);
  const { manifest } = layout;
  await writeLink(join(folder, '_manifests', 'revisions', 'sha256', manifest.digest), manifest);
  await writeLink(join(folder, '_manifests', 'tags', tag, 'index', 'sha256', manifest.digest), manifest);
  await writeLink(join(folder, '_manifests', 'tags', tag, 'current'), manifest);
}

/** Splits `registry/path:tag`. The registry's own host name plays no part, since it answers for all. */
export function parseReference(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':');
  return { repository: reference.slice(reference.indexOf('/') + 1, colon), tag: reference.slice(colon + 1) };
}

async function addBlob(base: string, layout: string, blob: Blob): Promise<void> {
  const target = join(base, 'blobs', 'sha256', blob.digest.slice(0, 2), blob.digest, 'data');
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(blobFile(layout, blob), target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    await copyFile(blobFile(layout, blob), target);
  }
}

async function writeLink(folder: string, blob: Blob): Promise<void> {
  await writeFileAtomic(join(folder, 'link'), `sha256:${blob.digest}`);
}
