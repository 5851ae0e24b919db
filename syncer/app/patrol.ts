import { toSubletError } from '../../lib/contract';
import type { Reflector } from '../kube/reflector-options';
import type { KubeObject } from '../kube/types';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';

/** How often everything is looked at again, in milliseconds. */
const PATROL_EVERY_MS = 10 * 60_000;

/** Asks for a patrol at once: for an operator who does not want to wait, and for tests. */
const PATROL_SIGNAL = 'SIGUSR2';

/** What goes on patrol. */
export interface Patrolled {
  /** Every cache by which the syncer judges: each is compared with its API server first. */
  readonly caches: { readonly [side in 'virtual' | 'host']: readonly Verified[] };
  /** Puts every key into the queue once more. */
  patrol(): void;
  /** How many keys of the last patrols are still to be looked at. */
  patrolling(): number;
}

/** A cache that can tell whether it holds what its server has. */
export type Verified = Pick<Reflector<KubeObject>, 'resource' | 'verify'>;

/**
 * Starts looking at everything again: every ten minutes, and whenever the process gets SIGUSR2. First each cache is
 * compared with its API server, for a watch that keeps something to itself would deceive every other look; then every
 * object is looked at. One patrol follows the other.
 * @returns the function that ends it
 */
export function startPatrol(patrolled: Patrolled, metrics: Metrics, logger: Logger): () => void {
  const patrols = metrics.counter({ name: 'sublet_patrols_total', help: 'Patrols begun, at which all is looked at.' });
  const missed = metrics.counter({
    name: 'sublet_patrol_missed_changes_total',
    help: 'Changes of which a watch did not tell, found by the patrol. Zero with correct API servers.',
    labels: ['side', 'resource'],
  });
  metrics.gauge(
    { name: 'sublet_patrol_pending', help: 'Objects that the patrol under way has still to look at.' },
    () => patrolled.patrolling(),
  );
  const end = new AbortController();
  const verify = async (side: 'virtual' | 'host', cache: Verified): Promise<void> => {
    const subject = { side, resource: cache.resource.plural };
    try {
      const keys = await cache.verify(end.signal);
      if (keys.length === 0) return;
      missed.inc(subject, keys.length);
      logger.warn({ ...subject, keys: keys.slice(0, MOST_LOGGED), count: keys.length }, 'a watch missed changes');
    } catch (error) {
      if (end.signal.aborted) return;
      logger.warn({ ...subject, code: toSubletError(error, 'API_ERROR').code }, 'a cache could not be verified');
    }
  };
  const patrol = async (): Promise<void> => {
    // All of a side at once: where something was missed, each waits for what may still be under way.
    for (const side of ['host', 'virtual'] as const)
      await Promise.all(patrolled.caches[side].map((cache) => verify(side, cache)));
    if (end.signal.aborted) return;
    patrolled.patrol();
    // Counted when all is in the queues: who has seen the count rise sees what is still pending.
    patrols.inc();
    logger.debug({ objects: patrolled.patrolling() }, 'everything is looked at again');
  };
  let last = Promise.resolve();
  const next = (): void => {
    last = last.then(patrol);
  };
  const timer = setInterval(next, PATROL_EVERY_MS);
  process.on(PATROL_SIGNAL, next);
  return () => {
    end.abort();
    clearInterval(timer);
    process.off(PATROL_SIGNAL, next);
  };
}

/** A log line names so many keys and no more. */
const MOST_LOGGED = 20;
