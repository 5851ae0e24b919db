import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { goArchitecture } from '../binaries/versions';
import { type Digested, writeLayer } from './layer';
import type { RootfsEntry } from './rootfs';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** What an image is made of. */
export interface ImageSpec {
  /** Full name with registry and tag: `docker.io/library/busybox:1.37`. */
  readonly reference: string;
  /** The root file system, one list a layer, lowest first. */
  readonly layers: readonly (readonly RootfsEntry[])[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** `uid` or `uid:gid`. @default root */
  readonly user?: string;
  /** Variables in the form `NAME=value`. @default only PATH */
  readonly environment?: readonly string[];
  /** @default '/' */
  readonly workingDirectory?: string;
}

/** A part of an image in a layout. */
export interface Blob extends Digested {
  readonly mediaType: string;
}

/** An image in a folder of the OCI image layout. */
export interface ImageLayout {
  readonly directory: string;
  readonly reference: string;
  readonly manifest: Blob;
  /** Configuration and layers. */
  readonly parts: readonly Blob[];
}

/** Makes an image as a folder in the form of the OCI image layout. The folder appears only when it is complete. */
export async function writeImageLayout(spec: ImageSpec, directory: string): Promise<ImageLayout> {
  const work = `${directory}.${process.pid}.tmp`;
  const blobs = join(work, 'blobs', 'sha256');
  await rm(work, { recursive: true, force: true });
  await mkdir(blobs, { recursive: true });
  const layers: Blob[] = [];
  for (const entries of spec.layers) {
    const temporary = join(work, 'layer');
    const layer = await writeLayer(entries, temporary);
    await rename(temporary, join(blobs, layer.digest));
    layers.push({ ...layer, mediaType: LAYER });
  }
  const config = await writeBlob(blobs, renderConfig(spec, layers), CONFIG);
  const document = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: layers.map(descriptor),
  };
  const manifest = await writeBlob(blobs, JSON.stringify(document), MANIFEST);
  await writeFile(join(work, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(work, 'index.json'), renderIndex(spec.reference, manifest));
  await rm(directory, { recursive: true, force: true });
  await rename(work, directory);
  return { directory, reference: spec.reference, manifest, parts: [config, ...layers] };
}

/** Opens a layout that {@link writeImageLayout} made; `undefined` when there is none. */
export async function readImageLayout(directory: string): Promise<ImageLayout | undefined> {
  try {
    const index = indexSchema.parse(JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')));
    const [entry] = index.manifests;
    if (entry === undefined) return undefined;
    const manifest = toBlob(entry);
    const document = manifestSchema.parse(JSON.parse(await readFile(blobFile(directory, manifest), 'utf8')));
    const parts = [document.config, ...document.layers].map(toBlob);
    await Promise.all(parts.map((part) => stat(blobFile(directory, part))));
    return { directory, reference: entry.annotations['io.containerd.image.name'], manifest, parts };
  } catch {
    return undefined;
  }
}

/** Where a layout keeps one blob. */
export function blobFile(directory: string, blob: Digested): string {
  return join(directory, 'blobs', 'sha256', blob.digest);
}

const descriptorSchema = z.object({ mediaType: z.string(), digest: z.string(), size: z.int() });
const manifestSchema = z.object({ config: descriptorSchema, layers: z.array(descriptorSchema) });
const indexSchema = z.object({
  manifests: z.array(descriptorSchema.extend({ annotations: z.object({ 'io.containerd.image.name': z.string() }) })),
});

function descriptor(blob: Blob): z.infer<typeof descriptorSchema> {
  return { mediaType: blob.mediaType, digest: `sha256:${blob.digest}`, size: blob.size };
}

function toBlob(parsed: z.infer<typeof descriptorSchema>): Blob {
  return { mediaType: parsed.mediaType, digest: parsed.digest.replace(/^sha256:/, ''), size: parsed.size };
}

function renderIndex(reference: string, manifest: Blob): string {
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  const annotations = { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': tag };
  const platform = { architecture: goArchitecture(), os: 'linux' };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [{ ...descriptor(manifest), platform, annotations }],
  });
}

function renderConfig(spec: ImageSpec, layers: readonly Blob[]): string {
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return JSON.stringify({
    architecture: goArchitecture(),
    os: 'linux',
    config: {
      Env: spec.environment ?? [path],
      ...(spec.entrypoint === undefined ? {} : { Entrypoint: spec.entrypoint }),
      ...(spec.command === undefined ? {} : { Cmd: spec.command }),
      User: spec.user ?? '',
      WorkingDir: spec.workingDirectory ?? '/',
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${layer.digest}`) },
    history: layers.map(() => ({ created_by: 'sublet' })),
  });
}

async function writeBlob(blobs: string, content: string, mediaType: string): Promise<Blob> {
  const digest = createHash('sha256').update(content).digest('hex');
  await writeFile(join(blobs, digest), content);
  return { digest, size: Buffer.byteLength(content), mediaType };
}
