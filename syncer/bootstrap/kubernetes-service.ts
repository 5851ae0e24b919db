import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import { PORTS, SubletError } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject, RequestOptions } from '../kube/types';

/** The virtual Service by which pods reach their API server. */
export const KUBERNETES_SERVICE = { namespace: 'default', name: 'kubernetes' } as const;

/** The Service as it is read and written here. */
export interface KubernetesService extends KubeObject {
  readonly spec?: ServiceSpec;
}

/** What is to happen to the virtual Service `default/kubernetes`. */
export type KubernetesServiceDecision =
  | { readonly kind: 'keep' }
  | { readonly kind: 'create'; readonly service: KubernetesService }
  /** A ClusterIP can't change, so the Service with `uid` goes first. */
  | { readonly kind: 'recreate'; readonly uid: string; readonly service: KubernetesService; readonly reason: string }
  | { readonly kind: 'patch'; readonly patch: { readonly spec: ServiceSpec }; readonly reason: string };

/**
 * Decides about `default/kubernetes`. The API server makes it at its start with the first address of the range, and
 * later only when it is gone. On the host that address is the *host's* API server, which no tenant may reach under this
 * name: the Service must carry the ClusterIP of the host Service `<cluster>`.
 */
export function decideKubernetesService(
  current: KubernetesService | undefined,
  clusterIp: string,
): KubernetesServiceDecision {
  const service = kubernetesService(clusterIp);
  if (current === undefined) return { kind: 'create', service };
  const { spec, metadata } = current;
  if (spec?.clusterIP !== clusterIp) {
    const reason = `its ClusterIP is ${spec?.clusterIP ?? 'unset'} instead of ${clusterIp}`;
    return { kind: 'recreate', uid: metadata.uid ?? '', service, reason };
  }
  if (spec.type === 'ClusterIP' && samePorts(spec.ports ?? [])) return { kind: 'keep' };
  return { kind: 'patch', patch: { spec: { type: 'ClusterIP', ports: [SERVICE_PORT] } }, reason: 'its ports differ' };
}

/**
 * Brings `default/kubernetes` to the ClusterIP of the host Service `<cluster>`. The API server, and a tenant, may get
 * in between; then it is looked at again.
 * @returns what was done, last step last; empty when everything was as it should be
 * @throws SubletError `API_CONFLICT` when it changes all the time; ApiError when the address is somebody else's for now
 */
export async function ensureKubernetesService(
  client: KubeClient,
  clusterIp: string,
  options?: RequestOptions,
): Promise<readonly KubernetesServiceDecision[]> {
  const { namespace, name } = KUBERNETES_SERVICE;
  const done: KubernetesServiceDecision[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await client.get<KubernetesService>(RESOURCES.services, namespace, name, options);
    const decision = decideKubernetesService(current, clusterIp);
    if (decision.kind === 'keep') return done;
    if (await carryOut(client, decision, options)) done.push(decision);
  }
  throw new SubletError('API_CONFLICT', `Service ${namespace}/${name} is changed by somebody else all the time`);
}

const ATTEMPTS = 10;

/** As the API server's own bootstrap makes it. */
function kubernetesService(clusterIp: string): KubernetesService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...KUBERNETES_SERVICE, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: clusterIp,
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [SERVICE_PORT],
    },
  };
}

const SERVICE_PORT: ServicePort = {
  name: 'https',
  protocol: 'TCP',
  port: PORTS.apiService,
  targetPort: PORTS.apiServer,
};

function samePorts(ports: readonly ServicePort[]): boolean {
  const [port, ...rest] = ports;
  return (
    rest.length === 0 &&
    port?.name === SERVICE_PORT.name &&
    port?.protocol === SERVICE_PORT.protocol &&
    port?.port === SERVICE_PORT.port &&
    port?.targetPort === SERVICE_PORT.targetPort
  );
}

/** `false`: it was overtaken, and the Service must be looked at again. */
async function carryOut(
  client: KubeClient,
  decision: Exclude<KubernetesServiceDecision, { kind: 'keep' }>,
  options: RequestOptions | undefined,
): Promise<boolean> {
  const { namespace, name } = KUBERNETES_SERVICE;
  try {
    if (decision.kind === 'patch') {
      await client.patch(RESOURCES.services, namespace, name, decision.patch, options);
      return true;
    }
    if (decision.kind === 'recreate') {
      await client.delete(RESOURCES.services, namespace, name, { ...options, uid: decision.uid });
    }
    await client.create<KubernetesService>(RESOURCES.services, namespace, decision.service, options);
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 409 || error.isMissingObject('services', name))) return false;
    throw error;
  }
}
