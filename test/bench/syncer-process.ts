import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';

/** What the kernel says about the memory of a process, in bytes. */
export interface ProcessMemory {
  /** Resident now. */
  readonly rss: number;
  /** Of that, what belongs to nobody else: heap and stacks, not the pages of the program's file. */
  readonly anonymous: number;
  /** The most that was ever resident. */
  readonly peak: number;
}

/**
 * The pid of the only syncer that runs below a cgroup path. The name of its program would not do: every container of a
 * syncer's image runs Node.
 */
export async function findSyncer(cgroup: string): Promise<number> {
  return eventually(
    async () => {
      const pids = await containerProcesses(cgroup);
      const ours = await Promise.all(pids.map(isSyncer));
      const found = pids.filter((_, index) => ours[index]);
      if (found.length > 1) throw new Error(`${found.length} syncers run on the host`);
      return found[0];
    },
    { what: 'the process of the syncer' },
  );
}

/** The pids of all processes in containers below a cgroup path. */
export async function containerProcesses(cgroup: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const inside = await Promise.all(
    pids.map(async (pid) => (await readOrEmpty(`/proc/${pid}/cgroup`)).includes(`${cgroup}/`)),
  );
  return pids.filter((_, index) => inside[index]);
}

/** CPU time that a process has used so far, in milliseconds; the kernel counts in ticks, mostly of 10 ms. */
export async function cpuTime(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, field 2 of proc(5), may hold blanks: counting starts behind it, so that utime and stime are 11 and 12.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond();
}

/** The memory of a process. */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`process ${pid} has no ${field}`);
    return Number(kibibytes) * 1024;
  };
  return { rss: bytes('VmRSS'), anonymous: bytes('RssAnon'), peak: bytes('VmHWM') };
}

/** Waits until a process has used next to no CPU time for two seconds. */
export async function untilQuiet(pid: number): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const before = await cpuTime(pid);
    await sleep(2000);
    return (await cpuTime(pid)) - before <= QUIET_MS_OF_CPU;
  };
  await eventually(isQuiet, { what: 'the syncer to have nothing to do', timeoutMs: 300_000 });
}

/** Probes and the lease keep an idle syncer from using nothing at all. */
const QUIET_MS_OF_CPU = 30;

let ticks: number | undefined;

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}

async function isSyncer(pid: number): Promise<boolean> {
  const args = (await readOrEmpty(`/proc/${pid}/cmdline`)).split('\0');
  return args.some((arg, index) => arg.endsWith('/syncer.cjs') && args[index + 1] === 'run');
}

/** Processes come and go while they are looked at. */
async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
