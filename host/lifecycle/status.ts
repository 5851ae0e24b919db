import { readdir } from 'node:fs/promises';
import { hostApi } from '../access/api-client';
import { dockerStatus, driverOf } from '../docker/host';
import { hostPaths, hostsDirectory } from '../paths';
import { listDaemons, logFile } from '../process/daemon';
import { isAlive } from '../process/proc';
import type { ComponentStatus, HostOptions, HostStatus } from '../types';
import { hostExists } from './down';
import { hostHandle, readState } from './state';

/** What is there and running of a host. @throws SubletError `NAME_INVALID` */
export async function hostStatus(options: Pick<HostOptions, 'name'> = {}): Promise<HostStatus> {
  const paths = hostPaths(options.name ?? 'default');
  const driver = await driverOf(paths);
  if (driver !== undefined) return dockerStatus(paths, driver);
  const state = await readState(paths);
  const records = await listDaemons(paths);
  const components = await Promise.all(
    records.map(async ({ name, pid, startTime }): Promise<ComponentStatus> => {
      return { name, pid, running: await isAlive(pid, startTime), log: logFile(paths, name) };
    }),
  );
  const handle = hostHandle(paths, state ?? { mode: 'node', audit: false });
  if (!(await hostExists(paths))) return { ...handle, state: 'absent', components: [] };
  const port = state?.port;
  const answers = port !== undefined && (await apiAnswers(paths.name, port));
  const alive = components.length > 0 && components.every(({ running }) => running);
  return { ...handle, state: answers && alive ? 'running' : 'degraded', components };
}

/** The status of every host of this user's cache. */
export async function listHosts(): Promise<readonly HostStatus[]> {
  const names = await readdir(hostsDirectory()).catch(() => []);
  return Promise.all(names.sort().map((name) => hostStatus({ name })));
}

async function apiAnswers(name: string, port: number): Promise<boolean> {
  try {
    const api = await hostApi(hostPaths(name), port);
    const answer = await api.get('/readyz').finally(() => api.close());
    return answer.status === 200;
  } catch {
    return false;
  }
}
