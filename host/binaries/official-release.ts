import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SubletError } from '../../lib/contract';
import { runChecked } from '../process/command';
import { binaryPath } from './cache';
import type { ReleaseFile } from './recipe';
import type { Tool } from './tools';

const PROBE_TIMEOUT_MS = 4_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** Whether the pages that publish releases can be reached: one question each, at once, with a short limit. */
export async function releasesReachable(signal?: AbortSignal): Promise<boolean> {
  const pages = ['https://dl.k8s.io/', 'https://github.com/'];
  const answers = await Promise.all(pages.map((page) => answersWell(page, signal)));
  return answers.every(Boolean);
}

/**
 * Downloads a tool's binaries and verifies them against the published SHA-256 before they enter the cache.
 * @returns the binaries that were fetched; those that no release holds are left to the caller
 * @throws SubletError `HOST_SETUP` on a wrong checksum or a broken connection
 */
export async function downloadRelease(
  tool: Tool,
  wanted: readonly string[],
  onFetched: (binary: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string[]> {
  const fetched: string[] = [];
  for (const release of tool.releases) {
    const contained = wanted.filter((binary) => binary === release.binary || release.members?.[binary] !== undefined);
    if (contained.length === 0) continue;
    const content = await fetchVerified(release, signal);
    if (content === undefined) continue;
    await unpack(tool, release, contained, content);
    for (const binary of contained) await onFetched(binary);
    fetched.push(...contained);
  }
  return fetched;
}

/** Finds the checksum of a file in a text that holds only it, or lines in the form of sha256sum(1). */
export function findChecksum(text: string, file: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const named = lines.find(([, name]) => name !== undefined && basename(name.replace(/^\*/, '')) === file);
  const sum = named?.[0] ?? (lines[0]?.length === 1 ? lines[0][0] : undefined);
  return sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) ? sum.toLowerCase() : undefined;
}

/** The verified content, or `undefined` when that release does not exist (any more). */
async function fetchVerified(release: ReleaseFile, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  const file = basename(release.url);
  const sums = await download(release.checksumUrl, signal);
  const content = sums === undefined ? undefined : await download(release.url, signal);
  if (content === undefined) return undefined;
  const expected = findChecksum(new TextDecoder().decode(sums), file);
  if (expected === undefined) throw new SubletError('HOST_SETUP', `${release.checksumUrl} has no checksum of ${file}`);
  const actual = createHash('sha256').update(content).digest('hex');
  if (actual !== expected) {
    throw new SubletError('HOST_SETUP', `${release.url} has the checksum ${actual} instead of ${expected}`, {
      hint: 'The download was damaged or tampered with; try again.',
    });
  }
  return content;
}

async function unpack(
  tool: Tool,
  release: ReleaseFile,
  binaries: readonly string[],
  content: Uint8Array,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'sublet-release-'));
  try {
    const downloaded = join(work, 'download');
    await writeFile(downloaded, content);
    for (const binary of binaries) {
      const member = release.members?.[binary];
      if (member !== undefined) await runChecked(['tar', '-xzf', downloaded, '-C', work, member]);
      const source = member === undefined ? downloaded : join(work, member);
      const temporary = `${binaryPath(tool, binary)}.${process.pid}`;
      await runChecked(['install', '-m', '0755', source, temporary]);
      await rename(temporary, binaryPath(tool, binary));
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(url: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  const response = await fetch(url, { signal: bounded(DOWNLOAD_TIMEOUT_MS, signal) });
  if (!response.ok) return undefined;
  return new Uint8Array(await response.arrayBuffer());
}

async function answersWell(url: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const probe = { method: 'HEAD', redirect: 'manual', signal: bounded(PROBE_TIMEOUT_MS, signal) } as const;
    const { status } = await fetch(url, probe);
    // A proxy that refuses answers as well, but not so.
    return status < 400;
  } catch {
    return false;
  }
}

function bounded(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}
