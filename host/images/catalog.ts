import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { binaryPath } from '../binaries/cache';
import { agnhostTool, controlPlaneTool, TOOLS } from '../binaries/tools';
import { NEWEST_KUBERNETES } from '../binaries/versions';
import { cacheDirectory } from '../paths';
import { type Busybox, busyboxEntries } from './busybox';
import { type ImageLayout, type ImageSpec, readImageLayout, writeImageLayout } from './layout';
import { AGNHOST_IMAGE, BUSYBOX_IMAGE, COREDNS_IMAGE, controlPlaneImage, KINE_IMAGE, PAUSE_IMAGE } from './references';
import { baseEntries, program, type RootfsEntry } from './rootfs';

/** What the images are made from beside the cached binaries. */
export interface CatalogInput {
  /** Path of the program that holds a sandbox. */
  readonly pause: string;
  readonly busybox: Busybox;
  /** Versions whose control-plane images are wanted; the newest always is. */
  readonly kubernetesVersions: readonly string[];
}

/** The images that every host has, made from the same binaries as upstream's and under upstream's names. */
export function catalog(input: CatalogInput): readonly ImageSpec[] {
  const versions = [...new Set([NEWEST_KUBERNETES, ...input.kubernetesVersions])];
  const shell = busyboxEntries(input.busybox);
  const agnhost = binaryPath(agnhostTool(), 'agnhost');
  const coredns = binaryPath(TOOLS.coredns, 'coredns');
  return [
    image(PAUSE_IMAGE, [program('pause', input.pause)], { entrypoint: ['/pause'], user: '65535:65535' }),
    image(BUSYBOX_IMAGE, [...baseEntries(), ...shell], { command: ['sh'] }),
    image(AGNHOST_IMAGE, [...baseEntries(), ...shell, program('agnhost', agnhost)], {
      entrypoint: ['/agnhost'],
      command: ['pause'],
    }),
    image(COREDNS_IMAGE, [...baseEntries(), program('coredns', coredns)], {
      entrypoint: ['/coredns'],
      user: '65532:65532',
    }),
    image(KINE_IMAGE, [...baseEntries(), program('bin/kine', binaryPath(TOOLS.kine, 'kine'))], {
      entrypoint: ['/bin/kine'],
    }),
    ...versions.flatMap(controlPlaneImages),
  ];
}

/** Makes those of the images that the cache lacks, or whose inputs have changed. */
export async function ensureImages(specs: readonly ImageSpec[]): Promise<readonly ImageLayout[]> {
  const layouts: ImageLayout[] = [];
  for (const spec of specs) layouts.push(await ensureImage(spec));
  return layouts;
}

/** The folder of one image in the cache, named after all that it is made from. */
export async function imageDirectory(spec: ImageSpec): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(spec));
  for (const entry of spec.layers.flat()) {
    if (entry.kind !== 'file') continue;
    const { size, mtimeMs } = await stat(entry.source);
    key.update(`${entry.source} ${size} ${mtimeMs}\n`);
  }
  const name = spec.reference.replace(/^.*\//, '').replace(':', '-');
  return join(cacheDirectory(), 'images', `${name}-${key.digest('hex').slice(0, 12)}`);
}

async function ensureImage(spec: ImageSpec): Promise<ImageLayout> {
  const directory = await imageDirectory(spec);
  await mkdir(join(cacheDirectory(), 'images'), { recursive: true });
  return (await readImageLayout(directory)) ?? writeImageLayout(spec, directory);
}

function controlPlaneImages(version: string): ImageSpec[] {
  const tool = controlPlaneTool(version);
  return tool.binaries.map((name) => {
    const entries = [...baseEntries(), program(`usr/local/bin/${name}`, binaryPath(tool, name))];
    return image(controlPlaneImage(name, version), entries, { entrypoint: [name], user: '65532:65532' });
  });
}

function image(
  reference: string,
  entries: readonly RootfsEntry[],
  options: Pick<ImageSpec, 'entrypoint' | 'command' | 'user'>,
): ImageSpec {
  return { reference, layers: [entries], ...options };
}
