/** Where the control-plane pod's containers find what they share. All of it lies in volumes of the pod. */
export const FILES = {
  /** Memory-backed volume, written by `init` and read by all: certificates, keys, kubeconfigs, configuration files. */
  pkiDir: '/run/sublet/pki',
  /** kubeconfig of kube-controller-manager and, if on, of kube-scheduler. */
  controllerManagerKubeconfig: '/run/sublet/pki/controller-manager.conf',
  schedulerKubeconfig: '/run/sublet/pki/scheduler.conf',
  /** kubeconfig by which the syncer is cluster-admin in the virtual cluster, over the pod's loopback. */
  syncerKubeconfig: '/run/sublet/pki/syncer.conf',
  /** EgressSelectorConfiguration: the API server dials kubelets and Services through the syncer. */
  egressConfig: '/run/sublet/pki/egress.yaml',
  /** AdmissionConfiguration of the API server, one a level: what is demanded of pods in namespaces that say nothing else. */
  admissionConfig: {
    baseline: '/run/sublet/pki/admission-baseline.yaml',
    restricted: '/run/sublet/pki/admission-restricted.yaml',
  },
  /** What `init` found out about the host, for the containers' command lines and the syncer (JSON). */
  discovery: '/run/sublet/pki/discovery.json',
  /** Memory-backed volume for the sockets by which the pod's containers talk to each other. */
  socketDir: '/run/sublet/sock',
  /** Unix socket on which the syncer answers the API server's HTTP CONNECT requests. */
  egressSocket: '/run/sublet/sock/egress.sock',
  /** Unix socket of kine. */
  kineSocket: '/run/sublet/sock/kine.sock',
  /** Volume of the store. */
  dataDir: '/data',
  sqliteFile: '/data/state.db',
  /** Certificates of the connection to a store outside the pod, from a Secret of the cluster's owner. */
  storeTlsDir: '/run/sublet/store-tls',
  /** The syncer's projected host token, CA and namespace, where in-cluster clients look for them. */
  hostTokenDir: '/var/run/secrets/kubernetes.io/serviceaccount',
} as const;

/** Files in {@link FILES.pkiDir}, which are also the keys of the Secret `<cluster>-certs`. */
export const PKI_FILES = {
  caCert: 'ca.crt',
  caKey: 'ca.key',
  frontProxyCaCert: 'front-proxy-ca.crt',
  frontProxyCaKey: 'front-proxy-ca.key',
  frontProxyClientCert: 'front-proxy-client.crt',
  frontProxyClientKey: 'front-proxy-client.key',
  apiServerCert: 'apiserver.crt',
  apiServerKey: 'apiserver.key',
  kubeletClientCert: 'apiserver-kubelet-client.crt',
  kubeletClientKey: 'apiserver-kubelet-client.key',
  /** Serving certificate of the kubelet API and of the webhook. */
  kubeletServingCert: 'kubelet.crt',
  kubeletServingKey: 'kubelet.key',
  controllerManagerCert: 'controller-manager.crt',
  controllerManagerKey: 'controller-manager.key',
  schedulerCert: 'scheduler.crt',
  schedulerKey: 'scheduler.key',
  syncerCert: 'syncer.crt',
  syncerKey: 'syncer.key',
  adminCert: 'admin.crt',
  adminKey: 'admin.key',
  serviceAccountKey: 'sa.key',
  serviceAccountPublicKey: 'sa.pub',
} as const;

/** Files in {@link FILES.storeTlsDir}, and keys of the Secret they come from, as Kubernetes names them. */
export const STORE_TLS_FILES = { authority: 'ca.crt', cert: 'tls.crt', key: 'tls.key' } as const;

/**
 * Further key of the Secret `<cluster>-certs`: the host's service CIDR that `init` found. kube-apiserver's image has no
 * shell, so the value reaches its command line as an environment variable taken from the Secret when the container starts.
 */
export const SERVICE_CIDR_KEY = 'service-cidr';

/** Keys of the Secret `vc-<cluster>`, as vCluster names them. */
export const KUBECONFIG_KEYS = {
  config: 'config',
  certificateAuthority: 'certificate-authority',
  clientCertificate: 'client-certificate',
  clientKey: 'client-key',
} as const;
