import { join } from 'node:path';
import { NETWORK } from '../network/addresses';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

const DNS_PORT = 53;

/**
 * CoreDNS for the host's own pods. It runs beside the kubelet instead of in a pod: names resolve from the moment that the
 * node is ready, and nothing of it is in the way of tests that count pods.
 */
export function dns(context: HostContext): DaemonCommand {
  const corefile = join(context.paths.directory, 'Corefile');
  return {
    name: 'coredns',
    files: { [corefile]: renderCorefile(kubeconfigFile(context.paths, 'coredns')) },
    argv: networked(context, 'coredns', ['-conf', corefile]),
  };
}

/** The Service under which pods find CoreDNS, with the node as its only endpoint. */
export function dnsManifests(): readonly object[] {
  const metadata = { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const ports = [
    { name: 'dns', port: DNS_PORT, protocol: 'UDP' },
    { name: 'dns-tcp', port: DNS_PORT, protocol: 'TCP' },
  ];
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: NETWORK.dnsServiceAddress, ports } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata,
        name: 'kube-dns-node',
        labels: { ...metadata.labels, 'kubernetes.io/service-name': 'kube-dns' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [NETWORK.nodeAddress], conditions: { ready: true } }],
      ports,
    },
  ];
}

/**
 * Every name outside of the cluster does not exist, at once: there is no network behind this one to ask. That answer has a
 * server block of its own, because in one block with it the cluster's names would never be looked up.
 */
function renderCorefile(kubeconfig: string): string {
  const zones = [NETWORK.clusterDomain, 'in-addr.arpa', 'ip6.arpa'];
  return `${zones.map((zone) => `${zone}:${DNS_PORT}`).join(' ')} {
    bind ${NETWORK.nodeAddress}
    errors
    kubernetes ${zones.join(' ')} {
        kubeconfig ${JSON.stringify(kubeconfig)}
        pods insecure
        ttl 5
    }
}
.:${DNS_PORT} {
    bind ${NETWORK.nodeAddress}
    template ANY ANY . {
        rcode NXDOMAIN
    }
}
`;
}
