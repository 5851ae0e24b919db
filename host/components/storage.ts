import { join } from 'node:path';
import { stringify } from 'yaml';
import { BUSYBOX_IMAGE } from '../images/references';
import { kubeconfigFile } from '../pki/host-pki';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

const NAMESPACE = 'kube-system';
const SERVICE_ACCOUNT = 'local-path-provisioner';

/**
 * The provisioner of the default StorageClass: Rancher's local-path, out of cluster. Its volumes are folders that anybody
 * may write to, so that pods with any user can use them. The controller manager's own host-path provisioner makes folders
 * for root only, and neither of both obeys fsGroup.
 */
export function storageProvisioner(context: HostContext): DaemonCommand {
  const folder = join(context.paths.directory, 'storage');
  const config = join(folder, 'config.json');
  const helperPod = join(folder, 'helper-pod.yaml');
  return {
    name: 'local-path-provisioner',
    files: { [config]: renderConfig(context), [helperPod]: renderHelperPod() },
    argv: networked(context, 'local-path-provisioner', [
      'start',
      `--kubeconfig=${kubeconfigFile(context.paths, 'storage')}`,
      `--namespace=${NAMESPACE}`,
      `--config=${config}`,
      `--helper-pod-file=${helperPod}`,
      `--helper-image=${BUSYBOX_IMAGE}`,
      `--service-account-name=${SERVICE_ACCOUNT}`,
      '--configmap-name=local-path-config',
    ]),
  };
}

/** The default StorageClass, and what the provisioner's helper pods use. */
export function storageManifests(): readonly object[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'local-path', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: SERVICE_ACCOUNT, namespace: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'local-path-config', namespace: NAMESPACE },
      data: {
        setup: 'mkdir -m 0777 -p "$VOL_DIR"\n',
        teardown: 'rm -rf "$VOL_DIR"\n',
      },
    },
  ];
}

function renderConfig(context: HostContext): string {
  const paths = [context.paths.volumes];
  return JSON.stringify({ nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths }] });
}

function renderHelperPod(): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'helper-pod' },
    spec: {
      priorityClassName: 'system-node-critical',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      containers: [{ name: 'helper-pod', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent' }],
    },
  });
}
