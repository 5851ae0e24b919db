import { RESOURCES } from '../../kube/resources';
import type { KubeClient, RequestOptions, Resource } from '../../kube/types';
import { removeApplied } from '../apply';
import { CORE_DNS_OBJECTS, DNS } from './manifests';

/** Kubernetes' own controllers leave these behind when a Service loses its selector: nobody else would ever take them. */
const OF_CONTROLLERS: readonly (readonly [Resource, string])[] = [
  [
    RESOURCES.endpointSlices,
    `kubernetes.io/service-name=${DNS.service},endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io`,
  ],
  [RESOURCES.endpoints, 'endpoints.kubernetes.io/managed-by=endpoint-controller'],
];

/** Takes CoreDNS out of the virtual cluster, once something else answers at the address that pods were told. */
export async function removeCoreDns(virtual: KubeClient, options: RequestOptions): Promise<void> {
  await removeApplied(virtual, CORE_DNS_OBJECTS, options);
  for (const [resource, labelSelector] of OF_CONTROLLERS) {
    const { items } = await virtual.list(resource, { namespace: DNS.namespace, labelSelector }, options);
    for (const { metadata } of items) {
      const { name = '', uid } = metadata;
      const isOfDns = resource === RESOURCES.endpointSlices || name === DNS.service;
      if (isOfDns && uid !== undefined) await virtual.delete(resource, DNS.namespace, name, { ...options, uid });
    }
  }
}
