import { setTimeout as sleep } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';
import { type ControlPlaneFacts, podReasons } from '../cluster/missing';
import { readEvents } from '../cluster/wait';
import type { Api } from '../kube/api';
import { createResourceFinder } from '../kube/discovery';
import { applyObject, listObjects } from '../kube/objects';
import { RESOURCES } from '../kube/types';
import type { Step } from '../terminal/progress';
import { DEMO_NAME, DEMO_NAMESPACE, demoObjects } from './workload';

const POLL_MS = 300;
const REPLICAS = 2;

type PodObject = ControlPlaneFacts['pods'][number];

/** Creates the demo's objects inside the virtual cluster, as any client would. */
export async function createWorkload(api: Api, signal: AbortSignal): Promise<void> {
  const findResource = createResourceFinder(api);
  for (const object of demoObjects()) {
    await applyObject(api, await findResource(object), object, { signal, fieldManager: 'sublet-demo' });
  }
}

/**
 * Waits until the demo's pods are ready.
 * @returns their names
 * @throws SubletError `NOT_READY` with what they lack
 */
export async function waitForWorkload(
  api: Api,
  step: Step,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const started = performance.now();
  for (;;) {
    const query = { namespace: DEMO_NAMESPACE, labelSelector: `app=${DEMO_NAME}` };
    const pods = await listObjects<PodObject>(api, RESOURCES.pods, query, { signal });
    const names = pods.map((pod) => pod.metadata?.name ?? '');
    const events = await readEvents(api, DEMO_NAMESPACE, names, signal);
    const reasons = pods.map((pod) => podReasons(pod, { claims: [], events }));
    const ready = pods.filter((_, index) => reasons[index]?.length === 0);
    if (ready.length >= REPLICAS) return ready.map((pod) => pod.metadata?.name ?? '');
    const missing = [...new Set(reasons.flat())].join('; ');
    step.update(`${ready.length} of ${REPLICAS} pods ready${missing === '' ? '' : `: ${missing}`}`);
    if (performance.now() - started >= timeoutMs) {
      throw new SubletError(
        'NOT_READY',
        `the demo's pods are not ready after ${timeoutMs / 1000} s: ${missing || 'there are none'}`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
