import { PORTS, tokenSecretName } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';
import type { Cache, KubeObject } from '../kube/types';
import type { Service } from '../services/types';
import { type HostClasses, NO_HOST_CLASSES } from './host-classes';
import type { TrustBundle } from './trust-bundles';
import type { Pod, PodContext, ServiceForEnv } from './types';

/** Name of the index of virtual Services by namespace. */
export const BY_NAMESPACE = 'namespace';

/** Where the translation of pods learns about the rest of the virtual cluster. */
export interface PodSurroundings {
  readonly context: ClusterContext;
  /** ClusterIP of the host Service `<cluster>`. */
  readonly apiServiceIp: string;
  /** Virtual Services, indexed by {@link BY_NAMESPACE}. */
  readonly services: Cache<Service>;
  /** Virtual namespaces. */
  readonly namespaces: Cache<KubeObject>;
  /** Virtual nodes. */
  readonly nodes: Cache<KubeObject>;
  /** The virtual cluster's trust bundles. */
  readonly trustBundles: Pick<Cache<TrustBundle>, 'list'>;
  /** Classes of the host that tenants are shown. @default none */
  readonly hostClasses?: HostClasses;
}

/** The key of the Service by which the virtual cluster's DNS is reached. */
export const DNS_SERVICE_KEY = 'kube-system/kube-dns';

/**
 * Everything that the translation of this pod needs to know, as it stands now. The Services matter for new containers
 * only: for a pod that is there, and gets none, they are left out.
 */
export function podContext(pod: Pod, surroundings: PodSurroundings, forNewContainers = true): PodContext {
  const { context, apiServiceIp, services, namespaces, nodes, hostClasses = NO_HOST_CLASSES } = surroundings;
  const { name = '', namespace = '' } = pod.metadata;
  return {
    ...context,
    kubernetesService: { clusterIP: apiServiceIp, port: PORTS.apiService },
    dnsServiceIP: dnsServiceIp(services.get(DNS_SERVICE_KEY)),
    services: forNewContainers ? services.byIndex(BY_NAMESPACE, namespace).map(serviceForEnv) : [],
    namespaceLabels: namespaces.get(namespace)?.metadata.labels ?? {},
    tokenSecret: tokenSecretName(name, namespace, context.cluster),
    hostClasses,
    knownNodes: new Set(nodes.list().map((node) => node.metadata.name ?? '')),
  };
}

function dnsServiceIp(service: Service | undefined): string | undefined {
  const clusterIP = service?.spec?.clusterIP;
  return !clusterIP || clusterIP === 'None' ? undefined : clusterIP;
}

function serviceForEnv(service: Service): ServiceForEnv {
  const { name = '', namespace = '' } = service.metadata;
  return {
    name,
    namespace,
    clusterIP: service.spec?.clusterIP,
    ports: (service.spec?.ports ?? []).map((port) => ({
      port: port.port,
      ...(port.name !== undefined && { name: port.name }),
      ...(port.protocol !== undefined && { protocol: port.protocol }),
    })),
  };
}
