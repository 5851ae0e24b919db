import { join } from 'node:path';
import { stringify } from 'yaml';
import { NETWORK } from '../network/addresses';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

/** Services on the node, by nftables. */
export function kubeProxy(context: HostContext): DaemonCommand {
  const config = join(context.paths.directory, 'kube-proxy.yaml');
  return {
    name: 'kube-proxy',
    files: {
      [config]: stringify({
        apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
        kind: 'KubeProxyConfiguration',
        mode: 'nftables',
        clientConnection: { kubeconfig: kubeconfigFile(context.paths, 'proxy') },
        clusterCIDR: NETWORK.podCidr,
        hostnameOverride: context.paths.nodeName,
        nftables: { minSyncPeriod: '100ms' },
        // The sysctls belong to the machine and are often not writable from a network namespace.
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
      }),
    },
    argv: networked(context, 'kube-proxy', [`--config=${config}`]),
  };
}
