import type { HostApi } from '../access/api-client';
import { applyAll } from '../access/apply';
import type { HostContext } from '../components/context';
import { kwok, simulatedNode } from '../components/kwok';
import { logTail } from '../process/daemon';
import { waitFor } from '../process/wait';
import type { StepReporter } from '../steps';
import { ensureDaemon, requireAlive } from './components';
import { isReadyNode } from './node';

const READY_TIMEOUT_MS = 120_000;
/** Requests under way at once. */
const PARALLEL = 16;

/** Starts KWOK with so many nodes, and waits until the last of them is ready. */
export async function startSimulatedNodes(
  context: HostContext,
  api: HostApi,
  nodes: number,
  steps: StepReporter,
  signal?: AbortSignal,
): Promise<void> {
  await steps.run(`simulate ${nodes} nodes`, async () => {
    await ensureDaemon(context, kwok(context));
    const objects = Array.from({ length: nodes }, (_, index) => simulatedNode(context.paths.name, index + 1));
    const shares = Array.from({ length: PARALLEL }, (_, share) =>
      objects.filter((_, index) => index % PARALLEL === share),
    );
    await Promise.all(shares.map((share) => applyAll(api, share)));
    await waitFor(
      async () => {
        await requireAlive(context, 'kwok');
        const answer = await api.get(`/api/v1/nodes/${context.paths.name}-${nodes}`).catch(() => undefined);
        return answer !== undefined && isReadyNode(answer.body) ? true : undefined;
      },
      {
        what: 'the simulated nodes are ready',
        timeoutMs: READY_TIMEOUT_MS,
        signal,
        explain: () => logTail(context.paths, 'kwok'),
      },
    );
  });
}
