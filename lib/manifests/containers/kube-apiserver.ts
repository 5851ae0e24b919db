import type { Container } from 'kubernetes-types/core/v1';
import { clusterNames, FILES, PKI_FILES, PORTS, SERVICE_CIDR_KEY, STORE_TLS_FILES } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { lingering } from '../shared-store';
import { MOUNTS } from '../volumes';
import { commandLine, type Flags } from './flags';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/** The upstream API server, which tenants talk to directly. */
export function apiServerContainer(spec: ResolvedSpec): Container {
  return {
    name: 'kube-apiserver',
    image: spec.images.apiServer,
    imagePullPolicy: spec.images.pullPolicy,
    command: ['kube-apiserver'],
    args: commandLine(flags(spec), {}, spec.controlPlane.apiServer.extraArgs),
    env: [
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      // Found out by `init`. The image has no shell that could read a file.
      {
        name: 'SERVICE_CIDR',
        valueFrom: { secretKeyRef: { name: clusterNames(spec.name).certsSecret, key: SERVICE_CIDR_KEY } },
      },
    ],
    ports: [{ name: 'https', containerPort: PORTS.apiServer, protocol: 'TCP' }],
    ...probes(),
    ...lingering(spec),
    resources: resourceRequirements(spec.controlPlane.apiServer.resources),
    // The binary carries this file capability. Where the capability is dropped altogether, the kernel refuses to run it.
    securityContext: containerSecurity(['NET_BIND_SERVICE']),
    volumeMounts: [MOUNTS.pki, MOUNTS.sockets, ...(spec.store.kind === 'etcd' ? [MOUNTS.storeTls] : [])],
  };
}

function flags(spec: ResolvedSpec) {
  return {
    ...storeFlags(spec),
    'secure-port': String(PORTS.apiServer),
    'advertise-address': '$(POD_IP)',
    'service-cluster-ip-range': '$(SERVICE_CIDR)',
    // The syncer keeps the endpoints of default/kubernetes.
    'endpoint-reconciler-type': 'none',
    'egress-selector-config-file': FILES.egressConfig,
    'tls-cert-file': pki(PKI_FILES.apiServerCert),
    'tls-private-key-file': pki(PKI_FILES.apiServerKey),
    'client-ca-file': pki(PKI_FILES.caCert),
    'kubelet-certificate-authority': pki(PKI_FILES.caCert),
    'kubelet-client-certificate': pki(PKI_FILES.kubeletClientCert),
    'kubelet-client-key': pki(PKI_FILES.kubeletClientKey),
    'kubelet-preferred-address-types': 'InternalIP',
    'proxy-client-cert-file': pki(PKI_FILES.frontProxyClientCert),
    'proxy-client-key-file': pki(PKI_FILES.frontProxyClientKey),
    'requestheader-client-ca-file': pki(PKI_FILES.frontProxyCaCert),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'service-account-issuer': `https://kubernetes.default.svc.${spec.networking.clusterDomain}`,
    // Tokens are renewed before they end, so none has to live for a year in case that nobody renews it.
    'service-account-extend-token-expiration': 'false',
    'service-account-key-file': pki(PKI_FILES.serviceAccountPublicKey),
    'service-account-signing-key-file': pki(PKI_FILES.serviceAccountKey),
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    ...podSecurity(spec),
    // Whether a privileged pod may run is decided where it would run: on the host.
    'allow-privileged': 'true',
    profiling: 'false',
    // Without it a stop waits up to a minute for open watches; with it, 2 s.
    'shutdown-send-retry-after': 'true',
  };
}

/** What is demanded of pods in namespaces that say nothing else: without a file, nothing. */
function podSecurity({ admission }: ResolvedSpec): { readonly [flag: string]: string } {
  if (admission === 'none' || admission === 'privileged') return {};
  return { 'admission-control-config-file': FILES.admissionConfig[admission] };
}

function storeFlags({ store }: ResolvedSpec): Flags {
  if (store.kind !== 'etcd') return { 'etcd-servers': `unix://${FILES.kineSocket}` };
  return {
    'etcd-servers': store.endpoints.join(','),
    'etcd-prefix': store.prefix,
    'etcd-cafile': `${FILES.storeTlsDir}/${STORE_TLS_FILES.authority}`,
    'etcd-certfile': `${FILES.storeTlsDir}/${STORE_TLS_FILES.cert}`,
    'etcd-keyfile': `${FILES.storeTlsDir}/${STORE_TLS_FILES.key}`,
  };
}

function probes(): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const get = (path: string) => ({ httpGet: { path, port: PORTS.apiServer, scheme: 'HTTPS' } });
  return {
    startupProbe: { ...get('/livez'), periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 180 },
    readinessProbe: { ...get('/readyz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    // A restart of the API server mends nothing in the store, and ends every watch.
    livenessProbe: { ...get('/livez?exclude=etcd'), periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 },
  };
}

function pki(file: string): string {
  return `${FILES.pkiDir}/${file}`;
}
