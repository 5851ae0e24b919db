import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, type HostPaths } from '../paths';
import { type DaemonCommand, logTail, readDaemon, startDaemon } from '../process/daemon';
import { isAlive } from '../process/proc';
import { waitFor } from '../process/wait';

const NAME = 'node';
const READY_FILE = '/run/sublet-node-ready';

/**
 * Starts the process that keeps the node's mount namespace open, unless it lives. containerd and kubelet share that
 * namespace: volumes that the kubelet mounts must be seen by containers. In it, `/var` and `/run` are the node's own, so
 * that both daemons use their ordinary folders and yet leave nothing on the machine; all mounts vanish with its processes.
 * @returns the pid of the holder
 */
export async function ensureMountNamespace(paths: HostPaths, signal?: AbortSignal): Promise<number> {
  const record = await readDaemon(paths, NAME);
  if (record !== undefined && (await isAlive(record.pid, record.startTime))) return record.pid;
  const { pid } = await startDaemon(paths, holderCommand(paths));
  return waitFor(async () => ((await exists(join(`/proc/${pid}/root`, READY_FILE))) ? pid : undefined), {
    what: 'the mount namespace of the node is ready',
    timeoutMs: 10_000,
    intervalMs: 20,
    signal,
    explain: () => logTail(paths, NAME),
  });
}

/** The words before a command that put it into the node's mount and network namespaces. */
export function inNode(paths: HostPaths, holder: number): string[] {
  return ['nsenter', `--net=${paths.networkNamespaceFile}`, `--mount=/proc/${holder}/ns/mnt`, '--wd=/'];
}

function holderCommand(paths: HostPaths): DaemonCommand {
  const script = renderScript(paths.nodeVar, cacheDirectory());
  return {
    name: NAME,
    argv: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script],
  };
}

/** The shell script that furnishes the node. Exported for its test. */
export function renderScript(nodeVar: string, cache: string): string {
  const hidden = ['/var', '/run'].some((folder) => cache === folder || cache.startsWith(`${folder}/`));
  return [
    'set -e',
    `cache=${quote(cache)} var=${quote(nodeVar)}`,
    'exec 3<"$cache"',
    'mkdir -p "$var/lib" "$var/log" "$var/tmp"',
    'chmod 1777 "$var/tmp"',
    'ln -sfn /run "$var/run"',
    'mount --make-rshared /',
    'mount --bind "$var" /var',
    'mount -t tmpfs -o mode=0755 tmpfs /run',
    // The binaries and the node's configuration lie in the cache, which may just have been covered.
    ...(hidden ? ['mkdir -p "$cache"', 'mount --no-canonicalize --bind /proc/self/fd/3 "$cache"'] : []),
    'exec 3<&-',
    `: > ${READY_FILE}`,
    'exec sleep infinity',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
