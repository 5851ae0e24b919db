import type { Container } from 'kubernetes-types/core/v1';
import type { ResolvedSpec } from '../spec';

/**
 * Whether several pods can serve the virtual cluster. What depends on it is the same for one pod and for many, so that
 * a change of their number restarts none of them.
 */
export function canBeShared({ store }: Pick<ResolvedSpec, 'store'>): boolean {
  return store.kind !== 'sqlite';
}

/** Until every node has learned that a pod is leaving and leads no new connection to it, in seconds. */
const LINGER_SECONDS = 5;

/** kine outlives the API server's last requests, which end within 2 s of its stop. */
const STORE_SECONDS = 3;

/** Where several pods serve, one that is told to stop goes on until the others have its connections. */
export function lingering(spec: Pick<ResolvedSpec, 'store'>): Pick<Container, 'lifecycle'> {
  return canBeShared(spec) ? { lifecycle: { preStop: { sleep: { seconds: LINGER_SECONDS } } } } : {};
}

/** All containers are stopped at once, and the store is to be the last. */
export function stoppedLast(spec: Pick<ResolvedSpec, 'store'>): Pick<Container, 'lifecycle'> {
  const seconds = STORE_SECONDS + (canBeShared(spec) ? LINGER_SECONDS : 0);
  return { lifecycle: { preStop: { sleep: { seconds } } } };
}
