import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInit, writeFiles } from '../bootstrap';
import { createKubeClient } from '../kube/client';
import { inClusterConnection } from '../kube/in-cluster';
import { createLogger } from '../observability/logger';
import { readEnvironment } from './environment';

/** The `init` container: prepares certificates, kubeconfigs and configuration files for the others. */
export async function initControlPlane(variables: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const { cluster, namespace, podIp, logLevel } = readEnvironment(variables);
  const hostClient = createKubeClient(inClusterConnection());
  try {
    await runInit({
      env: { cluster, namespace, podIp },
      hostClient,
      resolvConf: readFileSync('/etc/resolv.conf', 'utf8'),
      writeFiles,
      logger: createLogger({ cluster, level: logLevel }).child({ component: 'init' }),
      signal,
      now: () => new Date(),
      random: (bytes) => randomBytes(bytes),
    });
  } finally {
    hostClient.close();
  }
}
