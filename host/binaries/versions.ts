/** Kubernetes versions whose control plane can be made ready, newest first: one a minor. */
export const KUBERNETES_VERSIONS = ['1.37.2', '1.36.3', '1.35.4', '1.34.4', '1.33.13'] as const;

/** The version that the host itself runs, and the default for virtual clusters. */
export const NEWEST_KUBERNETES = KUBERNETES_VERSIONS[0];

/** Versions of everything else, kept together because they are raised together. */
export const VERSIONS = {
  etcd: '3.7.3',
  kine: '0.17.5',
  containerd: '2.4.2',
  runc: '1.5.2',
  cniPlugins: '1.9.1',
  coredns: '1.15.0',
  kwok: '0.8.0',
  registry: '3.1.2',
  localPathProvisioner: '0.0.30',
  metricsServer: '0.9.0',
  pause: '3.10.2',
  agnhost: '2.66.1',
  busybox: '1.37',
  /** As in the go.mod of {@link NEWEST_KUBERNETES}. */
  ginkgo: '2.32.0',
} as const;

/**
 * The version of Kubernetes' staging modules (`k8s.io/api` …) that belongs to a Kubernetes version: `1.37.2` → `0.37.2`.
 * Kubernetes publishes each staging module under its own minor and patch with major 0.
 */
export function stagingVersion(kubernetes: string): string {
  return kubernetes.replace(/^1\./, '0.');
}

/** Go's and the release pages' word for this machine's architecture. */
export function goArchitecture(architecture: string = process.arch): string {
  return architecture === 'x64' ? 'amd64' : architecture;
}
