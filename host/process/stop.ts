import { setTimeout as delay } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';
import { hasCode } from './error-code';
import { isAlive, readProcessStat } from './proc';

/** A pid that may have been given to another process since is not killed: the start time is compared just before. */
export async function stopProcess(pid: number, startTime: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!(await isAlive(pid, startTime))) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/**
 * Kills all processes that `list` names, again and again, until it names none: some may be about to start others.
 * @throws SubletError `HOST_SETUP` when some do not die in time
 */
export async function killUntilGone(list: () => Promise<readonly number[]>, timeoutMs = 15_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const stats = await Promise.all((await list()).map(readProcessStat));
    const living = stats.filter((stat) => stat !== undefined).filter(({ state }) => state !== 'Z' && state !== 'X');
    if (living.length === 0) return;
    if (performance.now() > end) {
      const pids = living.map(({ pid }) => pid).join(', ');
      throw new SubletError('HOST_SETUP', `processes ${pids} do not end, even when killed`);
    }
    for (const { pid, startTime } of living) await stopProcess(pid, startTime, 'SIGKILL');
    await delay(50);
  }
}
