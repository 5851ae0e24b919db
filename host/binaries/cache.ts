import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDirectory } from '../paths';
import { readJsonIfExists, writeFileAtomic } from '../process/files';
import type { Tool } from './tools';
import { goArchitecture } from './versions';

const manifestSchema = z.object({
  binaries: z.record(z.string(), z.object({ bytes: z.int(), source: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;

/** The folder of one tool's binaries, one a version and architecture, so that raising a version rebuilds only that tool. */
export function toolDirectory(tool: Tool): string {
  return join(cacheDirectory(), 'bin', `${tool.name}-${tool.version}-linux-${goArchitecture()}`);
}

/** The path that a tool's binary has once it is cached. */
export function binaryPath(tool: Tool, binary: string): string {
  return join(toolDirectory(tool), binary);
}

/** Those of the tool's binaries that the cache lacks, or has only in part. */
export async function missingBinaries(tool: Tool): Promise<string[]> {
  const manifest = await readManifest(tool);
  const missing: string[] = [];
  for (const binary of tool.binaries) {
    const expected = manifest.binaries[binary]?.bytes;
    const bytes = await fileSize(binaryPath(tool, binary));
    if (expected === undefined || bytes !== expected) missing.push(binary);
  }
  return missing;
}

/** Notes that a binary is complete, so that an interrupted build goes on after it. `source` says where it came from. */
export async function recordBinary(tool: Tool, binary: string, source: string): Promise<void> {
  const manifest = await readManifest(tool);
  const bytes = (await fileSize(binaryPath(tool, binary))) ?? 0;
  const binaries = { ...manifest.binaries, [binary]: { bytes, source } };
  await writeFileAtomic(manifestFile(tool), `${JSON.stringify({ binaries }, null, 2)}\n`);
}

async function readManifest(tool: Tool): Promise<Manifest> {
  const parsed = manifestSchema.safeParse(await readJsonIfExists(manifestFile(tool)));
  return parsed.success ? parsed.data : { binaries: {} };
}

function manifestFile(tool: Tool): string {
  return join(toolDirectory(tool), 'complete.json');
}

async function fileSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}
