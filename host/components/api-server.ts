import { join } from 'node:path';
import { NETWORK } from '../network/addresses';
import type { DaemonCommand } from '../process/daemon';
import { renderAuditPolicy } from './audit-policy';
import { type HostContext, networked, pkiFile } from './context';

/** The host's API server. */
export function apiServer(context: HostContext): DaemonCommand {
  const auditPolicy = join(context.paths.directory, 'audit-policy.yaml');
  return {
    name: 'kube-apiserver',
    files: context.audit === false ? {} : { [auditPolicy]: renderAuditPolicy(context.audit) },
    argv: networked(context, 'kube-apiserver', [
      `--etcd-servers=${NETWORK.etcd}`,
      `--secure-port=${NETWORK.apiServerPort}`,
      '--bind-address=0.0.0.0',
      `--advertise-address=${NETWORK.nodeAddress}`,
      `--tls-cert-file=${pkiFile(context, 'apiserver.crt')}`,
      `--tls-private-key-file=${pkiFile(context, 'apiserver.key')}`,
      `--client-ca-file=${pkiFile(context, 'ca.crt')}`,
      `--kubelet-client-certificate=${pkiFile(context, 'kubelet-client.crt')}`,
      `--kubelet-client-key=${pkiFile(context, 'kubelet-client.key')}`,
      `--kubelet-certificate-authority=${pkiFile(context, 'ca.crt')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--service-account-key-file=${pkiFile(context, 'sa.pub')}`,
      `--service-account-signing-key-file=${pkiFile(context, 'sa.key')}`,
      `--service-account-issuer=https://kubernetes.default.svc.${NETWORK.clusterDomain}`,
      `--service-cluster-ip-range=${NETWORK.serviceCidr}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
      `--requestheader-client-ca-file=${pkiFile(context, 'front-proxy-ca.crt')}`,
      `--proxy-client-cert-file=${pkiFile(context, 'front-proxy-client.crt')}`,
      `--proxy-client-key-file=${pkiFile(context, 'front-proxy-client.key')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      '--enable-aggregator-routing=true',
      ...(context.audit === false
        ? []
        : [
            `--audit-policy-file=${auditPolicy}`,
            `--audit-log-path=${context.paths.auditLog}`,
            '--audit-log-mode=batch',
          ]),
    ]),
  };
}
