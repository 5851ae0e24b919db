import { join } from 'node:path';
import { stringify } from 'yaml';
import { NETWORK } from '../network/addresses';
import { inNode } from '../node/mount-namespace';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { CONTAINERD_SOCKET } from './containerd';
import { binary, type HostContext, pkiFile } from './context';

/** The kubelet of the host's one node. */
export function kubelet(context: HostContext, holder: number): DaemonCommand {
  const { paths } = context;
  const config = join(paths.directory, 'kubelet.yaml');
  const resolvConf = join(paths.directory, 'resolv.conf');
  return {
    name: 'kubelet',
    files: {
      [config]: stringify(configuration(context, resolvConf)),
      // For pods with the node's network: the host's DNS is the only one there is.
      [resolvConf]: `nameserver ${NETWORK.dnsServiceAddress}\n`,
    },
    argv: [
      ...inNode(paths, holder),
      binary('kubelet'),
      `--config=${config}`,
      `--kubeconfig=${kubeconfigFile(paths, 'node')}`,
      `--node-ip=${NETWORK.nodeAddress}`,
      `--hostname-override=${paths.nodeName}`,
      '--v=2',
    ],
  };
}

function configuration(context: HostContext, resolvConf: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    // Several hosts share the machine's cgroup hierarchies; `down` removes exactly its own.
    cgroupRoot: context.paths.cgroup,
    enforceNodeAllocatable: [],
    // All packet rules of the host are nftables'.
    makeIPTablesUtilChains: false,
    failSwapOn: false,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pkiFile(context, 'ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: pkiFile(context, 'node.crt'),
    tlsPrivateKeyFile: pkiFile(context, 'node.key'),
    clusterDNS: [NETWORK.dnsServiceAddress],
    clusterDomain: NETWORK.clusterDomain,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    resolvConf,
    maxPods: 250,
    podPidsLimit: -1,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    // 100 switches the collection of unused images off: they cannot be pulled again from anywhere else.
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    syncFrequency: '10s',
  };
}
