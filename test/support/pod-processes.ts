import { readdir, readFile } from 'node:fs/promises';

/** A process of a pod on this machine. */
export interface PodProcess {
  readonly pid: number;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

/** The processes of the pod with this UID, found by the cgroup that the kubelet made for it. */
export async function podProcesses(uid: string): Promise<readonly PodProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => processOfPod(pid, uid)));
  return found.filter((process) => process !== undefined);
}

async function processOfPod(pid: string, uid: string): Promise<PodProcess | undefined> {
  try {
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    if (!cgroup.includes(uid)) return undefined;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    return { pid: Number(pid), command };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
