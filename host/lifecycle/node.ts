import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostApi } from '../access/api-client';
import { applyAll } from '../access/apply';
import { CONTAINERD_SOCKET, containerd } from '../components/containerd';
import { binary, type HostContext } from '../components/context';
import { dns, dnsManifests } from '../components/dns';
import { kubeProxy } from '../components/kube-proxy';
import { kubelet } from '../components/kubelet';
import { registry } from '../components/registry';
import { storageManifests, storageProvisioner } from '../components/storage';
import type { ImageLayout } from '../images/layout';
import { importLayouts } from '../images/load';
import { PAUSE_IMAGE } from '../images/references';
import { addToRegistry } from '../images/registry-store';
import { cgroupProcesses, ensureCgroups, removeCgroups } from '../node/cgroups';
import { ensureMountNamespace, inNode } from '../node/mount-namespace';
import { runCommand } from '../process/command';
import { logTail, MARKER_VARIABLE, readDaemon } from '../process/daemon';
import { findByVariable, isAlive, readCommandName } from '../process/proc';
import { killUntilGone } from '../process/stop';
import { waitFor } from '../process/wait';
import type { StepReporter } from '../steps';
import { ensureDaemon, requireAlive, stopDaemon } from './components';

const READY_TIMEOUT_MS = 60_000;

/** Starts the container runtime with the registry behind it, and loads the sandbox image. @returns the namespace's holder */
export async function startRuntime(
  context: HostContext,
  layouts: readonly ImageLayout[],
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<number> {
  return steps.run('start the container runtime', async () => {
    const { paths } = context;
    await dropOrphans(context);
    await ensureCgroups(paths.cgroup);
    const holder = await ensureMountNamespace(paths, signal);
    for (const layout of layouts) await addToRegistry(paths.registry, layout);
    await ensureDaemon(context, registry(context));
    await ensureDaemon(context, containerd(context, holder));
    await waitFor(
      async () => {
        await requireAlive(context, 'containerd', 'registry');
        const asked = [...inNode(paths, holder), binary('ctr'), '--address', CONTAINERD_SOCKET, 'version'];
        return (await runCommand(asked)).code === 0 ? true : undefined;
      },
      { what: 'containerd answers', timeoutMs: READY_TIMEOUT_MS, signal, explain: () => logTail(paths, 'containerd') },
    );
    await importLayouts(
      paths,
      holder,
      layouts.filter(({ reference }) => reference === PAUSE_IMAGE),
      signal,
    );
    return holder;
  });
}

/** Loads all images that are not there yet. */
export async function loadImages(
  context: HostContext,
  holder: number,
  layouts: readonly ImageLayout[],
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<void> {
  await steps.run('load images', () => importLayouts(context.paths, holder, layouts, signal));
}

/** Starts kubelet, Services, DNS and storage, and waits until the node takes pods. */
export async function startNode(
  context: HostContext,
  holder: number,
  api: HostApi,
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<void> {
  await steps.run('start the node', async () => {
    // What the API server knows of the node is older than a kubelet that has just started.
    const started = new Date();
    const since = (await ensureDaemon(context, kubelet(context, holder))) ? started : undefined;
    await ensureDaemon(context, kubeProxy(context));
    await applyAll(api, [...dnsManifests(), ...storageManifests()]);
    await ensureDaemon(context, dns(context));
    await ensureDaemon(context, storageProvisioner(context));
    await waitFor(
      async () => {
        await requireAlive(context, 'kubelet', 'kube-proxy', 'coredns', 'local-path-provisioner');
        const answer = await api.get(`/api/v1/nodes/${context.paths.nodeName}`).catch(() => undefined);
        return answer !== undefined && isReadyNode(answer.body, since) ? true : undefined;
      },
      {
        what: 'the node is ready',
        timeoutMs: READY_TIMEOUT_MS,
        signal,
        explain: () => logTail(context.paths, 'kubelet'),
      },
    );
  });
}

/** Whether a Node object tells that it is ready and accepts pods, and was told so after `since` where that is given. */
export function isReadyNode(node: unknown, since?: Date): boolean {
  const parsed = nodeSchema.safeParse(node);
  if (!parsed.success) return false;
  const { status, spec } = parsed.data;
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  // The time in the object is cut to seconds.
  const earliest = since === undefined ? 0 : Math.floor(since.getTime() / 1000) * 1000;
  const fresh = since === undefined || Date.parse(condition?.lastHeartbeatTime ?? '') >= earliest;
  const refused = spec?.taints?.some(({ key }) => key === 'node.kubernetes.io/not-ready') ?? false;
  return condition?.status === 'True' && fresh && !refused;
}

const conditionSchema = z.object({ type: z.string(), status: z.string(), lastHeartbeatTime: z.string().nullish() });
const nodeSchema = z.object({
  spec: z.object({ taints: z.array(z.object({ key: z.string() })).optional() }).optional(),
  status: z.object({ conditions: z.array(conditionSchema).optional() }).optional(),
});

/**
 * Without its holder the mount namespace cannot be entered any more, though the processes in it may live on: what runs
 * there is ended, so that the node starts anew with what the API server knows.
 */
async function dropOrphans(context: HostContext): Promise<void> {
  const { paths } = context;
  const record = await readDaemon(paths, 'node');
  if (record === undefined || (await isAlive(record.pid, record.startTime))) return;
  for (const name of ['kubelet', 'containerd']) await stopDaemon(context, name);
  await killUntilGone(async () => [...(await cgroupProcesses(paths.cgroup)), ...(await shims(paths.directory))]);
  // The kubelet would look at each of them in vain for seconds.
  await removeCgroups(paths.cgroup);
  // Addresses of pods that are gone.
  await rm(join(paths.nodeVar, 'lib', 'cni'), { recursive: true, force: true });
}

/** Processes that keep running when containerd ends: the parents of containers. */
async function shims(directory: string): Promise<number[]> {
  const marked = await findByVariable(MARKER_VARIABLE, directory);
  const names = await Promise.all(marked.map(readCommandName));
  return marked.filter((_, index) => names[index]?.startsWith('containerd-shim'));
}
