import { MARKER_VARIABLE } from '../../host/process/daemon';
import { findByVariable, readCommandName } from '../../host/process/proc';
import type { BenchHost } from './cluster';
import { containerProcesses, cpuTime } from './syncer-process';

/** CPU time, in milliseconds, by the pid and name of a program. */
export type CpuTimes = ReadonlyMap<string, number>;

/** CPU time that each program of the host and of the virtual cluster has used so far. */
export async function cpuTimes(host: BenchHost, syncer: number): Promise<CpuTimes> {
  const inside = await containerProcesses(host.cgroup);
  const daemons = await findByVariable(MARKER_VARIABLE, host.directory);
  const times = new Map<string, number>();
  const note = async (pid: number, where: string): Promise<void> => {
    const name = pid === syncer ? 'syncer' : await readCommandName(pid);
    // It may have ended in the meantime.
    const time = await cpuTime(pid).catch(() => undefined);
    if (time !== undefined) times.set(`${pid} ${where} ${name}`, time);
  };
  await Promise.all(inside.map((pid) => note(pid, 'virtual')));
  await Promise.all(daemons.filter((pid) => !inside.includes(pid)).map((pid) => note(pid, 'host')));
  return times;
}

/** What programs used between two moments for each of `count` things: `virtual syncer 3.2, host etcd 1.1`, most first. */
export function spentOnEach(before: CpuTimes, after: CpuTimes, count: number): string {
  const programs = new Map<string, number>();
  for (const [key, time] of after) {
    const name = key.slice(key.indexOf(' ') + 1);
    const used = (time - (before.get(key) ?? 0)) / count;
    programs.set(name, (programs.get(name) ?? 0) + used);
  }
  return [...programs]
    .filter(([, used]) => used >= WORTH_TELLING_MS)
    .sort(([, a], [, b]) => b - a)
    .map(([name, used]) => `${name} ${used.toFixed(1)}`)
    .join(', ');
}

const WORTH_TELLING_MS = 0.1;
