import { join } from 'node:path';
import { NETWORK } from '../network/addresses';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';
import { renderStages } from './kwok-stages';

/** Simulates kubelets for all nodes: pods become Running without any container. */
export function kwok(context: HostContext): DaemonCommand {
  const stages = join(context.paths.directory, 'kwok-stages.yaml');
  return {
    name: 'kwok',
    files: { [stages]: renderStages() },
    argv: networked(context, 'kwok', [
      `--kubeconfig=${kubeconfigFile(context.paths, 'kwok')}`,
      '--manage-all-nodes=true',
      '--node-lease-duration-seconds=40',
      `--config=${stages}`,
      `--node-ip=${NETWORK.nodeAddress}`,
      `--cidr=${NETWORK.podCidr}`,
    ]),
  };
}

/** The simulated node number `index`, from 1: as large as a big server, so that the scheduler is never the limit. */
export function simulatedNode(hostName: string, index: number): object {
  const name = `${hostName}-${index}`;
  const capacity = { cpu: '64', memory: '256Gi', pods: '1000', 'ephemeral-storage': '1Ti' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        type: 'kwok',
      },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    status: { capacity, allocatable: capacity },
  };
}
