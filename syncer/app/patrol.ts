import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';

/** How often everything is looked at again, in milliseconds. */
const PATROL_EVERY_MS = 10 * 60_000;

/** Asks for a patrol at once: for an operator who does not want to wait, and for tests. */
const PATROL_SIGNAL = 'SIGUSR2';

/** What goes on patrol. */
export interface Patrolled {
  /** Puts every key into the queue once more. */
  patrol(): void;
  /** How many keys of the last patrols are still to be looked at. */
  patrolling(): number;
}

/**
 * Starts looking at everything again: every ten minutes, and whenever the process gets SIGUSR2.
 * @returns the function that ends it
 */
export function startPatrol(patrolled: Patrolled, metrics: Metrics, logger: Logger): () => void {
  const patrols = metrics.counter({ name: 'sublet_patrols_total', help: 'Patrols begun, at which all is looked at.' });
  metrics.gauge(
    { name: 'sublet_patrol_pending', help: 'Objects that the patrol under way has still to look at.' },
    () => patrolled.patrolling(),
  );
  const patrol = (): void => {
    patrolled.patrol();
    // Counted when all is in the queues: who has seen the count rise sees what is still pending.
    patrols.inc();
    logger.debug({ objects: patrolled.patrolling() }, 'everything is looked at again');
  };
  const timer = setInterval(patrol, PATROL_EVERY_MS);
  process.on(PATROL_SIGNAL, patrol);
  return () => {
    clearInterval(timer);
    process.off(PATROL_SIGNAL, patrol);
  };
}
