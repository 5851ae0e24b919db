import { z } from 'zod';
import type { HostPaths } from '../paths';
import { readJsonIfExists, writeFileAtomic } from '../process/files';
import type { HostHandle } from '../types';

const stateSchema = z.object({
  mode: z.enum(['node', 'kwok']),
  audit: z.union([z.boolean(), z.literal('serviceAccounts')]),
  /** Kubernetes version of the control plane; the newest where none is noted. */
  version: z.string().optional(),
  /** Set when the host is no embedded one, but runs in Docker. */
  driver: z.enum(['kind', 'k3d']).optional(),
  /** Port of the relay. */
  port: z.int().optional(),
});

/** What a host remembers between runs. */
export type HostState = z.infer<typeof stateSchema>;

/** The state of an earlier run, if there is one. */
export async function readState(paths: HostPaths): Promise<HostState | undefined> {
  const parsed = stateSchema.safeParse(await readJsonIfExists(paths.stateFile));
  return parsed.success ? parsed.data : undefined;
}

/** Keeps the state for later runs. */
export async function writeState(paths: HostPaths, state: HostState): Promise<void> {
  await writeFileAtomic(paths.stateFile, `${JSON.stringify(state)}\n`);
}

/** What others need to know to use the host. */
export function hostHandle(paths: HostPaths, state: HostState): HostHandle {
  const { name, kubeconfig, networkNamespace, directory, nodeName } = paths;
  return { name, mode: state.mode, kubeconfig, networkNamespace, directory, nodeName };
}
