import { type HostApi, hostApi } from '../access/api-client';
import { apiServer } from '../components/api-server';
import type { HostContext } from '../components/context';
import { controllerManager } from '../components/controller-manager';
import { etcd } from '../components/etcd';
import { scheduler } from '../components/scheduler';
import { logTail } from '../process/daemon';
import { waitFor } from '../process/wait';
import type { StepReporter } from '../steps';
import { ensureDaemon, requireAlive } from './components';

const READY_TIMEOUT_MS = 90_000;

/** Starts etcd and the API server, and waits for the API. */
export async function startApi(
  context: HostContext,
  port: number,
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<HostApi> {
  return steps.run('start the API server', async () => {
    await ensureDaemon(context, etcd(context));
    await ensureDaemon(context, apiServer(context));
    const api = await hostApi(context.paths, port);
    await waitFor(
      async () => {
        await requireAlive(context, 'etcd', 'kube-apiserver', 'relay');
        const answer = await api.get('/readyz').catch(() => undefined);
        return answer?.status === 200 ? true : undefined;
      },
      {
        what: 'the API server is ready',
        timeoutMs: READY_TIMEOUT_MS,
        signal,
        explain: () => logTail(context.paths, 'kube-apiserver'),
      },
    );
    return api;
  });
}

/** Starts the controllers and the scheduler, and waits for the first thing that pods need of them. */
export async function startControllers(
  context: HostContext,
  api: HostApi,
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<void> {
  await steps.run('start controllers and scheduler', async () => {
    await ensureDaemon(context, controllerManager(context));
    await ensureDaemon(context, scheduler(context));
    await waitFor(
      async () => {
        await requireAlive(context, 'kube-controller-manager', 'kube-scheduler');
        const answer = await api.get('/api/v1/namespaces/default/serviceaccounts/default').catch(() => undefined);
        return answer?.status === 200 ? true : undefined;
      },
      {
        what: 'the controllers have made the default service account',
        timeoutMs: READY_TIMEOUT_MS,
        signal,
        explain: () => logTail(context.paths, 'kube-controller-manager'),
      },
    );
  });
}
