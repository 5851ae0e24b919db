import { readdir, readFile } from 'node:fs/promises';

/** What `/proc/<pid>/stat` says about a process, as far as it identifies it. */
export interface ProcessStat {
  readonly pid: number;
  /** `R`, `S`, `D`, `Z`, …: see proc(5). */
  readonly state: string;
  readonly parent: number;
  /** Clock ticks from boot to its start: with the pid, unique until the next boot. */
  readonly startTime: number;
}

/** Parses a line of `/proc/<pid>/stat`. The command name in it may hold blanks and parentheses. */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const match = /^(\d+) \((?:.*)\) (\S) (.*)$/s.exec(line.trim());
  if (match === null) return undefined;
  const [, pid, state = '', rest = ''] = match;
  const fields = rest.split(' ').map(Number);
  // Field 4 of proc(5) comes first here, so that field 22, the start time, has index 18.
  const startTime = fields[18];
  if (startTime === undefined || Number.isNaN(startTime)) return undefined;
  return { pid: Number(pid), state, parent: fields[0] ?? 0, startTime };
}

/** Reads a process's {@link ProcessStat}; `undefined` when there is none of that pid. */
export async function readProcessStat(pid: number): Promise<ProcessStat | undefined> {
  try {
    return parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether that very process lives: the same pid with the same start time, and not a zombie. */
export async function isAlive(pid: number, startTime: number): Promise<boolean> {
  const stat = await readProcessStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/** The name of a process's program, cut to 15 characters by the kernel; empty when there is no such process. */
export async function readCommandName(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
}

/** Whether the environment block of `/proc/<pid>/environ` holds exactly this variable. */
export function hasVariable(environ: string, name: string, value: string): boolean {
  return environ.split('\0').includes(`${name}=${value}`);
}

/** The pids of all living processes that were started with this environment variable. */
export async function findByVariable(name: string, value: string): Promise<number[]> {
  const entries = await readdir('/proc');
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        return hasVariable(await readFile(`/proc/${pid}/environ`, 'utf8'), name, value) ? pid : undefined;
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter((pid) => pid !== undefined);
}
