import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import { CONTAINERD_SOCKET } from '../components/containerd';
import { binary } from '../components/context';
import { NETWORK } from '../network/addresses';
import { inNode } from '../node/mount-namespace';
import type { HostPaths } from '../paths';
import { runChecked, runCommand } from '../process/command';
import { throwIfInterrupted } from '../process/wait';
import { archiveStream } from './archive';
import type { ImageLayout } from './layout';
import { parseReference } from './registry-store';

const IMPORT_TIMEOUT_MS = 5 * 60_000;

/** Loads images of the cache into containerd, those that it does not have yet. @returns the references it took */
export async function importLayouts(
  paths: HostPaths,
  holder: number,
  layouts: readonly ImageLayout[],
  signal?: AbortSignal,
): Promise<string[]> {
  const present = await presentImages(paths, holder);
  const missing = layouts.filter(({ reference, manifest }) => present.get(reference) !== `sha256:${manifest.digest}`);
  if (missing.length > 0) await importStream(paths, holder, archiveStream(missing), signal);
  return missing.map(({ reference }) => reference);
}

/**
 * Loads an image archive into containerd and into the host's registry.
 * @returns the references that the archive holds
 */
export async function importArchive(paths: HostPaths, holder: number, archive: string): Promise<string[]> {
  const references = await archiveReferences(archive);
  const file = await open(archive, 'r');
  try {
    await importStream(paths, holder, file.createReadStream({ highWaterMark: 1 << 20 }));
  } finally {
    await file.close();
  }
  for (const reference of references) await pushToRegistry(paths, holder, reference);
  return references;
}

/** The names of the images in an archive: a Docker archive tells them in `manifest.json`, an OCI layout in annotations. */
export async function archiveReferences(archive: string): Promise<string[]> {
  const docker = await runCommand(['tar', '-xOf', archive, 'manifest.json']);
  if (docker.code === 0) return dockerSchema.parse(JSON.parse(docker.stdout)).flatMap(({ RepoTags }) => RepoTags);
  const index = indexSchema.parse(JSON.parse(await runChecked(['tar', '-xOf', archive, 'index.json'])));
  return index.manifests.map(({ annotations }) => annotations['io.containerd.image.name']);
}

const dockerSchema = z.array(z.object({ RepoTags: z.array(z.string()) }));
const indexSchema = z.object({
  manifests: z.array(z.object({ annotations: z.object({ 'io.containerd.image.name': z.string() }) })),
});

/** Images that containerd has: name → digest. */
async function presentImages(paths: HostPaths, holder: number): Promise<Map<string, string>> {
  const lines = (await runChecked(ctr(paths, holder, ['images', 'ls']))).split('\n').slice(1);
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [name, , digest] = line.split(/\s+/);
      return name && digest ? [[name, digest]] : [];
    }),
  );
}

async function pushToRegistry(paths: HostPaths, holder: number, reference: string): Promise<void> {
  const { repository, tag } = parseReference(reference);
  const remote = `${NETWORK.registry}/${repository}:${tag}`;
  await runChecked(ctr(paths, holder, ['images', 'push', '--plain-http', remote, reference]), {
    timeoutMs: IMPORT_TIMEOUT_MS,
  });
}

/** The archive goes through a pipe: in the node's mount namespace its path may not exist. */
async function importStream(paths: HostPaths, holder: number, archive: Readable, signal?: AbortSignal): Promise<void> {
  const [program = '', ...args] = ctr(paths, holder, ['images', 'import', '--local', '--digests=false', '-']);
  const timeout = AbortSignal.timeout(IMPORT_TIMEOUT_MS);
  const child = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new SubletError('HOST_SETUP', 'images could not be loaded', { cause })));
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(() => throwIfInterrupted(signal));
  const [code, copied] = await Promise.all([ended, pipeline(archive, child.stdin).catch((error: Error) => error)]);
  if (code !== 0)
    throw new SubletError('HOST_SETUP', `containerd did not take an image: ${errors.trim().slice(-1000)}`);
  if (copied instanceof Error) throw new SubletError('HOST_SETUP', 'an image could not be read', { cause: copied });
}

function ctr(paths: HostPaths, holder: number, words: readonly string[]): string[] {
  return [...inNode(paths, holder), binary('ctr'), '--address', CONTAINERD_SOCKET, '--namespace', 'k8s.io', ...words];
}
