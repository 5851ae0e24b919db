import { setTimeout as sleep } from 'node:timers/promises';
import type { Pod } from 'kubernetes-types/core/v1';
import { ANNOTATIONS, clusterNames, RESTORED_MARK, SERVICE_CIDR_KEY, SubletError } from '../../lib/contract';
import { unsealed } from '../../syncer/backup/archive/archive';
import type { FoundCluster } from '../cluster/find';
import type { Api } from '../kube/api';
import { isNotFound } from '../kube/api-error';
import { execInPod } from '../kube/exec';
import { execStream } from '../kube/exec-stream';
import { asObject, deleteObject, getObject, pathFor } from '../kube/objects';
import { type KubeObject, RESOURCES, type Resource } from '../kube/types';
import type { BackupBytes, CheckedBackup } from './local-file';
import { LOADER, type RestoreGround } from './restore-pod';

/** Where Node is in the syncer's image differs with who built it; its first process is Node anywhere. */
export const SYNCER_PROGRAM = ['/proc/1/exe', '/sublet/syncer.cjs'] as const;

const POLL_MS = 250;

/** What is restored, and how. */
export interface RestoreOptions {
  readonly api: Api;
  readonly cluster: FoundCluster;
  readonly ground: RestoreGround;
  readonly bytes: BackupBytes;
  readonly passphrase: string | undefined;
  readonly backup: CheckedBackup;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onStep: (text: string) => void;
}

/**
 * Loads a backup in place of a virtual cluster's store: stops the control plane, loads, starts it again. Where loading
 * fails the old store is put back. The syncer then deletes nothing on the host before that is accepted.
 * @throws SubletError `NOT_READY` when a step takes too long, `API_ERROR` with what the loader said
 */
export async function restore(options: RestoreOptions): Promise<void> {
  const { cluster, backup, onStep } = options;
  const replicas = cluster.controlPlane.spec?.replicas ?? 1;
  const revision = Math.max(backup.header.revision, await lastRevision(options));
  onStep('stopping the control plane');
  await scale(options, 0);
  try {
    await untilGone(options, `${cluster.name}-0`);
    onStep('loading the backup');
    await loadInPod(options, revision);
    onStep('keys and marks');
    await restoreKeys(options);
    await setMarks(options);
  } finally {
    // Also where it failed: the old store is back in place.
    onStep('starting the control plane');
    await scale(options, Math.max(1, replicas));
  }
}

/** Lets the syncer delete on the host what a restored store does not know. */
export async function acceptStore(
  api: Api,
  cluster: Pick<FoundCluster, 'name' | 'namespace'>,
  signal: AbortSignal,
): Promise<void> {
  const uid = (await leaseAnnotations(api, cluster, signal))?.[ANNOTATIONS.clusterUid];
  if (uid === undefined) {
    throw new SubletError('NOT_READY', `the syncer of "${cluster.name}" has not seen its store yet`);
  }
  await annotateLease(api, cluster, { [ANNOTATIONS.acceptStore]: uid }, signal);
}

async function loadInPod(options: RestoreOptions, revision: number): Promise<void> {
  const { api, cluster, ground, bytes, passphrase, signal } = options;
  const pod = ground.loader(revision);
  const name = pod.metadata?.name ?? '';
  const target = { namespace: cluster.namespace, pod: name, container: LOADER };
  try {
    await runPod(options, pod, (phase) => phase === 'Running');
    const words = [...SYNCER_PROGRAM, 'restore', 'load', ...(ground.store === 'served' ? ['empty'] : [])];
    const { stdout, end } = await execStream(
      api,
      target,
      words,
      unsealed(bytes(), () => passphrase),
      signal,
    );
    for await (const chunk of stdout) options.onStep(`loaded ${chunk.toString().trim()}`);
    const { exitCode, stderr } = await end;
    if (exitCode !== 0) throw new SubletError('API_ERROR', `the backup could not be loaded: ${stderr.trim()}`);
    if (ground.store === 'file') await execInPod(api, target, [...SYNCER_PROGRAM, 'restore', 'finish'], signal);
  } catch (error) {
    await endPod(options, name);
    if (ground.store === 'file') {
      await runPod(options, ground.step('revert'), (phase) => phase === 'Succeeded');
      await endPod(options, name);
    }
    throw error;
  }
  await endPod(options, name);
}

async function runPod(options: RestoreOptions, pod: Pod, isThere: (phase: string) => boolean): Promise<void> {
  const { api, cluster, signal, timeoutMs } = options;
  const name = pod.metadata?.name ?? '';
  await endPod(options, name);
  const path = pathFor(RESOURCES.pods, cluster.namespace);
  await api.request({ method: 'POST', path, body: pod, signal });
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await getObject<KubeObject & Pod>(api, RESOURCES.pods, cluster.namespace, name, { signal });
    const phase = found?.status?.phase ?? 'Pending';
    const statuses = found?.status?.containerStatuses ?? [];
    if (isThere(phase) && statuses.every(({ state }) => phase !== 'Running' || state?.running !== undefined)) return;
    if (phase === 'Failed' || performance.now() > deadline) {
      throw new SubletError('NOT_READY', `pod ${cluster.namespace}/${name} is ${phase}`, {
        hint: `kubectl describe pod ${name} -n ${cluster.namespace}`,
      });
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function endPod(options: RestoreOptions, name: string): Promise<void> {
  await deleteObject(options.api, RESOURCES.pods, options.cluster.namespace, name, {});
  await untilGone(options, name);
}

async function untilGone({ api, cluster, timeoutMs }: RestoreOptions, name: string): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while ((await getObject(api, RESOURCES.pods, cluster.namespace, name)) !== undefined) {
    if (performance.now() > deadline) throw new SubletError('NOT_READY', `pod ${name} does not go away`);
    await sleep(POLL_MS);
  }
}

function scale({ api, cluster }: RestoreOptions, replicas: number): Promise<unknown> {
  return mergePatch(api, RESOURCES.statefulSets, cluster, cluster.name, { spec: { replicas } });
}

/** Certificates that the restored authorities have not signed go: the next start makes them anew. */
async function restoreKeys({ api, cluster, backup, signal }: RestoreOptions): Promise<void> {
  const { pki, header } = backup;
  if (Object.keys(pki).length === 0 || header.cluster !== cluster.name) return;
  const { certsSecret } = clusterNames(cluster.name);
  const secret = await getObject<KubeObject & { readonly data?: { readonly [key: string]: string } }>(
    api,
    RESOURCES.secrets,
    cluster.namespace,
    certsSecret,
    { signal },
  );
  const kept = Object.fromEntries(
    Object.entries(pki).map(([file, text]) => [file, Buffer.from(text).toString('base64')]),
  );
  const now = secret?.data ?? {};
  if (Object.entries(kept).every(([file, content]) => now[file] === content)) return;
  const others = Object.keys(now).filter((file) => file !== SERVICE_CIDR_KEY && kept[file] === undefined);
  const data = { ...Object.fromEntries(others.map((file) => [file, null])), ...kept };
  await mergePatch(api, RESOURCES.secrets, cluster, certsSecret, { data });
}

/** Whose store it is now, and that it went back: what the syncer has to know before it deletes anything. */
async function setMarks({ api, cluster, backup, signal }: RestoreOptions): Promise<void> {
  const marks = {
    [ANNOTATIONS.clusterUid]: backup.header.uid,
    [ANNOTATIONS.highestResourceVersion]: RESTORED_MARK,
    [ANNOTATIONS.acceptStore]: null,
  };
  await annotateLease(api, cluster, marks, signal);
}

async function lastRevision({ api, cluster, signal }: RestoreOptions): Promise<number> {
  const known = (await leaseAnnotations(api, cluster, signal))?.[ANNOTATIONS.highestResourceVersion];
  return known === undefined || known === RESTORED_MARK ? 0 : Number(known);
}

/** What the syncer remembers of its store. */
export async function leaseAnnotations(
  api: Api,
  { name, namespace }: Pick<FoundCluster, 'name' | 'namespace'>,
  signal: AbortSignal,
): Promise<{ readonly [key: string]: string } | undefined> {
  const lease = await getObject<KubeObject>(api, LEASES, namespace, clusterNames(name).lease, { signal });
  return lease?.metadata?.annotations;
}

async function annotateLease(
  api: Api,
  cluster: Pick<FoundCluster, 'name' | 'namespace'>,
  annotations: { readonly [key: string]: string | null },
  signal: AbortSignal,
): Promise<void> {
  const name = clusterNames(cluster.name).lease;
  try {
    await mergePatch(api, LEASES, cluster, name, { metadata: { annotations } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const set = Object.entries(annotations).filter(([, value]) => value !== null);
    const metadata = { name, namespace: cluster.namespace, annotations: Object.fromEntries(set) };
    const body = { apiVersion: LEASES.apiVersion, kind: LEASES.kind, metadata };
    await api.request({ method: 'POST', path: pathFor(LEASES, cluster.namespace), body, signal });
  }
}

const LEASES: Resource = RESOURCES.leases;

async function mergePatch(
  api: Api,
  resource: Resource,
  { namespace }: Pick<FoundCluster, 'namespace'>,
  name: string,
  body: object,
): Promise<KubeObject> {
  const path = pathFor(resource, namespace, name);
  const contentType = 'application/merge-patch+json';
  return asObject((await api.request({ method: 'PATCH', path, contentType, body })).body);
}
