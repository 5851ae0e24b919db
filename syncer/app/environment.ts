import * as z from 'zod';
import { SubletError, SYNCER_ENV } from '../../lib/contract';

const schema = z.object({
  [SYNCER_ENV.cluster]: z.string().min(1),
  [SYNCER_ENV.namespace]: z.string().min(1),
  [SYNCER_ENV.podName]: z.string().min(1),
  [SYNCER_ENV.podIp]: z.union([z.ipv4(), z.ipv6()]),
  [SYNCER_ENV.requiredSections]: z.string().default('core'),
  [SYNCER_ENV.replicated]: z.enum(['true', 'false']).default('false'),
  [SYNCER_ENV.logLevel]: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

/** What the syncer's container is told by its environment. */
export interface SyncerEnvironment {
  readonly cluster: string;
  readonly namespace: string;
  readonly podName: string;
  readonly podIp: string;
  /** Configuration sections that must exist before any workload is synced. */
  readonly requiredSections: readonly string[];
  /** Whether other pods may serve the same virtual cluster. */
  readonly replicated: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
}

/**
 * Reads the environment of the syncer's container.
 * @throws SubletError `CONFIG_INVALID` naming each variable that is missing or wrong
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): SyncerEnvironment {
  const result = schema.safeParse(variables);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new SubletError('CONFIG_INVALID', `environment of the syncer: ${problems.join('; ')}`);
  }
  const env = result.data;
  return {
    cluster: env[SYNCER_ENV.cluster],
    namespace: env[SYNCER_ENV.namespace],
    podName: env[SYNCER_ENV.podName],
    podIp: env[SYNCER_ENV.podIp],
    requiredSections: env[SYNCER_ENV.requiredSections].split(',').filter((name) => name !== ''),
    replicated: env[SYNCER_ENV.replicated] === 'true',
    logLevel: env[SYNCER_ENV.logLevel],
  };
}
