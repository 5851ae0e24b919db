import * as z from 'zod';
import type { KubeObject } from '../kube/types';

/** A list of pods as a kubelet gives it. */
export interface PodList {
  readonly kind: 'PodList';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly items: readonly KubeObject[];
}

const running = z.object({ status: z.object({ phase: z.literal('Running') }) });

/** The pods as a `PodList`, all of them or only those that run. */
export function listPods(pods: readonly KubeObject[], onlyRunning: boolean): PodList {
  const items = onlyRunning ? pods.filter((pod) => running.safeParse(pod).success) : pods;
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items };
}
