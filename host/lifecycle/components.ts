import { SubletError } from '../../lib/contract';
import type { HostContext } from '../components/context';
import { type DaemonCommand, isRunningAs, logTail, readDaemon, startDaemon } from '../process/daemon';
import { isAlive } from '../process/proc';
import { stopProcess } from '../process/stop';
import { waitFor } from '../process/wait';

/** How long an old daemon has to end by itself before it is killed. */
const STOP_TIMEOUT_MS = 5_000;

/** Starts a daemon, or replaces one that runs with other flags. @returns whether there was anything to do */
export async function ensureDaemon(context: HostContext, command: DaemonCommand): Promise<boolean> {
  if (await isRunningAs(context.paths, command)) return false;
  await stopDaemon(context, command.name);
  await startDaemon(context.paths, command);
  return true;
}

/** Ends a daemon that was started under this name. */
export async function stopDaemon(context: HostContext, name: string): Promise<void> {
  const record = await readDaemon(context.paths, name);
  if (record === undefined) return;
  const { pid, startTime } = record;
  await stopProcess(pid, startTime, 'SIGTERM');
  const gone = async (): Promise<true | undefined> => ((await isAlive(pid, startTime)) ? undefined : true);
  await waitFor(gone, { what: `${name} ends`, timeoutMs: STOP_TIMEOUT_MS, intervalMs: 50 }).catch(async () => {
    await stopProcess(pid, startTime, 'SIGKILL');
    await waitFor(gone, { what: `${name} ends`, timeoutMs: STOP_TIMEOUT_MS, intervalMs: 50 });
  });
}

/** Ends a wait early when a daemon that it depends on has died. @throws SubletError `HOST_SETUP` with the end of its log */
export async function requireAlive(context: HostContext, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const record = await readDaemon(context.paths, name);
    if (record !== undefined && !(await isAlive(record.pid, record.startTime))) {
      throw new SubletError('HOST_SETUP', `${name} has ended:\n${await logTail(context.paths, name)}`, {
        hint: `Its whole log lies in ${context.paths.logs}.`,
      });
    }
  }
}
