import type { CoreSection } from '../../../lib/contract';
import { apiVersionOf, RESOURCES } from '../../kube/resources';
import type { KubeObject, Resource } from '../../kube/types';
import type { Manifest } from '../apply';
import { renderCorefile, type Upstream } from './corefile';
import { DNS_SELECTOR, dnsDeploymentSpec, dnsServiceSpec } from './workload';

/** What CoreDNS in the virtual cluster is made of. */
export interface CoreDnsOptions {
  readonly config: Pick<CoreSection, 'clusterDomain' | 'dns'>;
  /** The host cluster's DNS servers, as the control-plane pod sees them. */
  readonly hostNameservers: readonly string[];
}

/** The namespace and the names are those by which Kubernetes' tools and tests look for the cluster's DNS. */
export const DNS = { namespace: 'kube-system', service: 'kube-dns', deployment: 'coredns' } as const;

/** The objects of CoreDNS, in the order in which they are to be applied. */
export function coreDnsManifests({ config, hostNameservers }: CoreDnsOptions): readonly Manifest[] {
  const { clusterDomain, dns } = config;
  const upstream: Upstream =
    dns.forwardToHost && hostNameservers.length > 0
      ? { kind: 'host-dns', nameservers: hostNameservers }
      : { kind: 'node-resolvers' };
  const named = { name: DNS.deployment, namespace: DNS.namespace };
  return [
    manifest(RESOURCES.serviceAccounts, named, {}),
    manifest(RESOURCES.clusterRoles, { name: ROLE }, { rules: RULES }),
    manifest(
      RESOURCES.clusterRoleBindings,
      { name: ROLE },
      {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ROLE },
        subjects: [{ kind: 'ServiceAccount', ...named }],
      },
    ),
    manifest(RESOURCES.configMaps, named, { data: { Corefile: renderCorefile({ clusterDomain, upstream }) } }),
    manifest(RESOURCES.services, { name: DNS.service, namespace: DNS.namespace }, { spec: dnsServiceSpec() }),
    manifest(RESOURCES.deployments, named, { spec: dnsDeploymentSpec(dns) }),
  ];
}

const ROLE = 'system:coredns';

/** Names are made of Services and their endpoints; namespaces tell which names can exist. */
const RULES = [
  { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
];

function manifest(resource: Resource, metadata: KubeObject['metadata'], body: object): Manifest {
  const labels = { ...DNS_SELECTOR, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
  const object = {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { ...metadata, labels },
    ...body,
  };
  return { resource, object };
}
