import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInit, writeFiles } from '../bootstrap';
import { createKubeClient } from '../kube/client';
import { inClusterConnection } from '../kube/in-cluster';
import type { KubeClient } from '../kube/types';
import { createLogger, type Logger } from '../observability/logger';
import { readEnvironment, type SyncerEnvironment } from './environment';

/** The `init` container: prepares certificates, kubeconfigs and configuration files for the others. */
export async function initControlPlane(variables: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const env = readEnvironment(variables);
  const host = createKubeClient(inClusterConnection());
  const logger = createLogger({ cluster: env.cluster, level: env.logLevel });
  try {
    await renewCertificates({ env, host, logger }, signal);
  } finally {
    host.close();
  }
}

/** What the preparation needs of the process that it runs in. */
export interface RenewalParts {
  readonly env: SyncerEnvironment;
  readonly host: KubeClient;
  readonly logger: Logger;
}

/** Makes what is missing or near its end, and writes all files anew. The containers notice changed files by themselves. */
export async function renewCertificates({ env, host, logger }: RenewalParts, signal: AbortSignal): Promise<void> {
  const { cluster, namespace, podIp } = env;
  await runInit({
    env: { cluster, namespace, podIp },
    hostClient: host,
    resolvConf: readFileSync('/etc/resolv.conf', 'utf8'),
    writeFiles,
    logger: logger.child({ component: 'init' }),
    signal,
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
  });
}
