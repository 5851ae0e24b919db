import { ANNOTATIONS, METRICS_SERVICE } from '../../lib/contract';
import { applyManifests, type Manifest, removeApplied } from '../bootstrap/apply';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject, RequestOptions } from '../kube/types';
import { METRICS_API } from './types';

/** The name that an APIService must have. */
const API_SERVICE = `${METRICS_API.version}.${METRICS_API.group}`;
const READER = 'sublet:metrics-reader';

/**
 * What makes the virtual API server pass `metrics.k8s.io` on to the syncer: an aggregated API behind a Service that has
 * no address but a name, which only the syncer knows.
 *
 * @param caBundle PEM of the authority that signed the syncer's serving certificate
 */
export function metricsManifests(caBundle: string): readonly Manifest[] {
  const { name, namespace, externalName, port } = METRICS_SERVICE;
  return [
    {
      resource: RESOURCES.services,
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        ...{ spec: { type: 'ExternalName', externalName, ports: [{ name: 'https', port, protocol: 'TCP' }] } },
      },
    },
    {
      resource: RESOURCES.clusterRoles,
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: {
          name: READER,
          labels: Object.fromEntries(
            ['view', 'edit', 'admin'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']),
          ),
        },
        ...{
          rules: [{ apiGroups: [METRICS_API.group], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
        },
      },
    },
    {
      resource: RESOURCES.apiServices,
      object: {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: API_SERVICE },
        ...{
          spec: {
            ...METRICS_API,
            groupPriorityMinimum: 100,
            versionPriority: 100,
            caBundle: Buffer.from(caBundle).toString('base64'),
            service: { name, namespace, port },
          },
        },
      },
    },
  ];
}

/** Whether the virtual cluster's metrics API is the syncer's, or would be: not where a tenant has registered another. */
export async function mayServeMetrics(client: KubeClient, options?: RequestOptions): Promise<boolean> {
  const existing = await client.get<ApiService>(RESOURCES.apiServices, undefined, API_SERVICE, options);
  if (existing === undefined) return true;
  const isOurs = existing.metadata.annotations?.[ANNOTATIONS.contentHash] !== undefined;
  return isOurs && existing.spec?.service?.name === METRICS_SERVICE.name;
}

/** An APIService, as far as its server is concerned. */
interface ApiService extends KubeObject {
  readonly spec?: { readonly service?: { readonly name?: string } };
}

/**
 * Registers the metrics API where the host serves one, and takes it back where it does not any more.
 * @returns `Kind/name` of what was written or deleted
 */
export async function ensureMetricsApi(
  client: KubeClient,
  caBundle: string,
  isServed: boolean,
  options?: RequestOptions,
): Promise<readonly string[]> {
  if (!(await mayServeMetrics(client, options))) return [];
  const manifests = metricsManifests(caBundle);
  if (isServed) return applyManifests(client, manifests, options);
  const names = manifests.map(({ resource, object: { metadata } }) => ({
    resource,
    name: metadata.name ?? '',
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
  }));
  return removeApplied(client, names.reverse(), options);
}
