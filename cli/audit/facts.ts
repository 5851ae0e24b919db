import type { ConfigMap } from 'kubernetes-types/core/v1';
import { type IsolationSection, LABELS, parseSection, SECTION_KEY, sectionConfigMapName } from '../../lib/contract';
import type { FoundCluster } from '../cluster/find';
import type { Api } from '../kube/api';
import { isForbidden } from '../kube/api-error';
import { getObject, listObjects } from '../kube/objects';
import { type KubeObject, RESOURCES, type Resource } from '../kube/types';
import type { AuditedBinding, AuditedRole, AuditFacts } from './types';

/**
 * Reads what an audit looks at.
 * @throws KubeApiError where pods, Services or the configuration may not be read
 */
export async function readAuditFacts(api: Api, cluster: FoundCluster, signal: AbortSignal): Promise<AuditFacts> {
  const { name, namespace, controlPlane } = cluster;
  const options = { signal };
  const synced = { namespace, labelSelector: `${LABELS.managedBy}=${name}` };
  const mayBe = async <T extends KubeObject>(resource: Resource, where?: string): Promise<readonly T[] | undefined> => {
    try {
      const items = await listObjects<T>(api, resource, { namespace: where }, options);
      return items.map((item) => ({ ...item, kind: resource.kind }));
    } catch (error) {
      if (isForbidden(error)) return undefined;
      throw error;
    }
  };
  const named = async <T extends KubeObject>(resource: Resource): Promise<readonly T[]> => {
    const items = await listObjects<T>(api, resource, synced, options);
    return items.map((item) => ({ ...item, kind: resource.kind }));
  };
  const [hostNamespace, isolation, pods, services, networkPolicies, roles, bindings, clusterRoles, clusterBindings] =
    await Promise.all([
      getObject(api, RESOURCES.namespaces, undefined, namespace, options).catch((error: unknown) => {
        if (isForbidden(error)) return undefined;
        throw error;
      }),
      readIsolation(api, cluster, signal),
      named<AuditFacts['pods'][number]>(RESOURCES.pods),
      named<AuditFacts['services'][number]>(RESOURCES.services),
      mayBe(RESOURCES.networkPolicies, namespace),
      mayBe<AuditedRole>(RESOURCES.roles, namespace),
      mayBe<AuditedBinding>(RESOURCES.roleBindings, namespace),
      mayBe<AuditedRole>(RESOURCES.clusterRoles),
      mayBe<AuditedBinding>(RESOURCES.clusterRoleBindings),
    ]);
  return {
    name,
    namespace,
    controlPlane,
    hostNamespace,
    isolation,
    pods,
    services,
    networkPolicies,
    roles,
    bindings,
    clusterRoles,
    clusterBindings,
  };
}

async function readIsolation(
  api: Api,
  { name, namespace }: FoundCluster,
  signal: AbortSignal,
): Promise<IsolationSection | undefined> {
  const section = sectionConfigMapName(name, 'isolation');
  const found = await getObject<KubeObject & Pick<ConfigMap, 'data'>>(api, RESOURCES.configMaps, namespace, section, {
    signal,
  });
  const text = found?.data?.[SECTION_KEY];
  return text === undefined ? undefined : parseSection('isolation', text);
}
