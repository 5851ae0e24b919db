import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

/** The host's scheduler. */
export function scheduler(context: HostContext): DaemonCommand {
  const kubeconfig = kubeconfigFile(context.paths, 'scheduler');
  return {
    name: 'kube-scheduler',
    argv: networked(context, 'kube-scheduler', [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
    ]),
  };
}
