import type { CoreSection, DnsConfig } from '../../../lib/contract';
import { USUAL_DOMAIN } from '../../dns/host-service-name';
import { apiVersionOf, RESOURCES } from '../../kube/resources';
import type { KubeObject, Resource } from '../../kube/types';
import type { Manifest, ObjectName } from '../apply';
import { renderCorefile, type Upstream } from './corefile';
import { DNS_SELECTOR, dnsDeploymentSpec, dnsServiceSpec, embeddedServiceSpec } from './workload';

/** What DNS in the virtual cluster is made of. */
export interface DnsParts {
  readonly config: Pick<CoreSection, 'clusterDomain' | 'dns'>;
  /** The host cluster's DNS servers, as the control-plane pod sees them. */
  readonly hostNameservers: readonly string[];
  /** Domain of the host's Services, where it is known. */
  readonly hostClusterDomain?: string | undefined;
  /** Whether names of the host stay hidden even where the host's DNS is asked. @default false */
  readonly hidesHost?: boolean;
}

/** The namespace and the names are those by which Kubernetes' tools and tests look for the cluster's DNS. */
export const DNS = { namespace: 'kube-system', service: 'kube-dns', deployment: 'coredns' } as const;

const DEPLOYMENT_NAME = { name: DNS.deployment, namespace: DNS.namespace };

const ROLE = 'system:coredns';

/** The objects of DNS in the virtual cluster, in the order in which they are to be applied. */
export function dnsManifests(parts: DnsParts): readonly Manifest[] {
  const { dns } = parts.config;
  const named = { name: DNS.service, namespace: DNS.namespace };
  if (dns.mode === 'embedded') return [manifest(RESOURCES.services, named, { spec: embeddedServiceSpec() })];
  const service = manifest(RESOURCES.services, named, { spec: dnsServiceSpec() });
  return [...coreDnsObjects(dns, parts), service, deployment(dns)];
}

/** What CoreDNS is made of and nothing else needs: it goes, last things first, when the syncer answers instead. */
export const CORE_DNS_OBJECTS: readonly ObjectName[] = [
  { resource: RESOURCES.deployments, ...DEPLOYMENT_NAME },
  { resource: RESOURCES.configMaps, ...DEPLOYMENT_NAME },
  { resource: RESOURCES.clusterRoleBindings, name: ROLE },
  { resource: RESOURCES.clusterRoles, name: ROLE },
  { resource: RESOURCES.serviceAccounts, ...DEPLOYMENT_NAME },
];

type CoreDnsConfig = DnsConfig & { readonly mode: 'coredns' };

function deployment(dns: CoreDnsConfig): Manifest {
  return manifest(RESOURCES.deployments, DEPLOYMENT_NAME, { spec: dnsDeploymentSpec(dns) });
}

function coreDnsObjects(dns: CoreDnsConfig, parts: DnsParts): readonly Manifest[] {
  return [
    manifest(RESOURCES.serviceAccounts, DEPLOYMENT_NAME, {}),
    manifest(RESOURCES.clusterRoles, { name: ROLE }, { rules: RULES }),
    manifest(
      RESOURCES.clusterRoleBindings,
      { name: ROLE },
      {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ROLE },
        subjects: [{ kind: 'ServiceAccount', ...DEPLOYMENT_NAME }],
      },
    ),
    manifest(RESOURCES.configMaps, DEPLOYMENT_NAME, { data: { Corefile: corefile(dns, parts) } }),
  ];
}

function corefile(dns: CoreDnsConfig, { config, hostNameservers, hostClusterDomain, hidesHost }: DnsParts): string {
  const upstream = upstreamOf(dns, hostNameservers);
  const hidden = upstream.kind === 'host-dns' && hidesHost ? (hostClusterDomain ?? USUAL_DOMAIN) : undefined;
  return renderCorefile({
    clusterDomain: config.clusterDomain,
    upstream: hidden === undefined ? upstream : { kind: 'host-dns', nameservers: hostNameservers, hidden },
    names: dns.names,
    host: { nameservers: hostNameservers, clusterDomain: hostClusterDomain },
  });
}

function upstreamOf({ forwardToHost, upstream }: CoreDnsConfig, hostNameservers: readonly string[]): Upstream {
  if (forwardToHost && hostNameservers.length > 0) return { kind: 'host-dns', nameservers: hostNameservers };
  return upstream.length > 0 ? { kind: 'nameservers', addresses: upstream } : { kind: 'node-resolvers' };
}

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
