import { NETWORK } from '../network/addresses';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked, pkiFile } from './context';

/** The host's controller manager, with the client limits of a machine that has only itself to serve. */
export function controllerManager(context: HostContext): DaemonCommand {
  const kubeconfig = kubeconfigFile(context.paths, 'controller-manager');
  return {
    name: 'kube-controller-manager',
    argv: networked(context, 'kube-controller-manager', [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${pkiFile(context, 'sa.key')}`,
      `--root-ca-file=${pkiFile(context, 'ca.crt')}`,
      '--use-service-account-credentials=true',
      `--cluster-signing-cert-file=${pkiFile(context, 'ca.crt')}`,
      `--cluster-signing-key-file=${pkiFile(context, 'ca.key')}`,
      '--leader-elect=false',
      // Simulated nodes share no range: thousands of them would not fit.
      ...(context.mode === 'node' ? ['--allocate-node-cidrs=true', `--cluster-cidr=${NETWORK.podCidr}`] : []),
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
    ]),
  };
}
