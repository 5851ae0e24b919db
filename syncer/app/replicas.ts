import { controlPlaneLabels } from '../../lib/contract';
import type { Logger } from '../kube/logger';
import { createReflector } from '../kube/reflector';
import { RESOURCES } from '../kube/resources';
import type { Cache, KubeClient } from '../kube/types';
import type { Pod } from '../pods/types';
import type { SyncerEnvironment } from './environment';

/** Container whose readiness tells whether a pod serves the API. */
const API_SERVER = 'kube-apiserver';

/** A watch of the pods that serve this virtual cluster, of which this syncer is part of one. */
export function watchReplicas(host: KubeClient, { cluster, namespace }: SyncerEnvironment, logger: Logger) {
  const labelSelector = Object.entries(controlPlaneLabels(cluster))
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  return createReflector<Pod>({
    client: host,
    resource: RESOURCES.pods,
    query: { namespace, labelSelector },
    transform: ({ spec: _spec, ...pod }) => ({ ...pod, spec: { containers: [] } }),
    logger,
  });
}

/**
 * The addresses at which the virtual API server is served, this pod's own among them. A pod that stops is left out as
 * soon as that is known, and one that starts comes in when its API server answers.
 */
export function servingAddresses(pods: Pick<Cache<Pod>, 'list'>, own: string): readonly string[] {
  const others = pods
    .list()
    .filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        (status?.containerStatuses ?? []).some(({ name, ready }) => name === API_SERVER && ready),
    )
    .flatMap(({ status }) => status?.podIP ?? []);
  const family = own.includes(':');
  return [...new Set([own, ...others.filter((address) => address.includes(':') === family)])].sort();
}
