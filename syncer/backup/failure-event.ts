import { clusterNames } from '../../lib/contract';
import { RESOURCES } from '../kube/resources';
import type { KubeClient } from '../kube/types';
import type { Logger } from '../observability/logger';
import type { StatusOwner } from './status';

/** Tells the host's operator, by an event on the control plane, that a backup failed. Tenants do not see it. */
export function tellFailure(
  host: Pick<KubeClient, 'create'>,
  { cluster, namespace }: Pick<StatusOwner, 'cluster' | 'namespace'>,
  message: string,
  signal: AbortSignal,
  logger: Logger,
): void {
  const now = new Date();
  const name = clusterNames(cluster).controlPlane;
  const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}-backup.${now.getTime().toString(36)}`, namespace },
    involvedObject: { apiVersion: 'apps/v1', kind: 'StatefulSet', name, namespace },
    type: 'Warning',
    reason: 'BackupFailed',
    message: message.slice(0, 1_024),
    source: { component: 'sublet-syncer' },
    reportingComponent: 'sublet-syncer',
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
  };
  host.create(RESOURCES.events, namespace, event, { signal }).catch((error: unknown) => {
    logger.debug({ err: error }, 'an event could not be posted');
  });
}
