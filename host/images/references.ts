import { VERSIONS } from '../binaries/versions';

/** Image of the sandbox that holds a pod's namespaces. */
export const PAUSE_IMAGE = `registry.k8s.io/pause:${VERSIONS.pause}`;
/** Shell and file tools. */
export const BUSYBOX_IMAGE = `docker.io/library/busybox:${VERSIONS.busybox}`;
/** Kubernetes' test server. */
export const AGNHOST_IMAGE = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
/** DNS of virtual clusters. */
export const COREDNS_IMAGE = `registry.k8s.io/coredns/coredns:v${VERSIONS.coredns}`;
/** etcd's API over sqlite and other databases: the store of virtual clusters. */
export const KINE_IMAGE = `docker.io/rancher/kine:v${VERSIONS.kine}`;

/** The images of one Kubernetes version's control plane. */
export function controlPlaneImage(program: string, version: string): string {
  return `registry.k8s.io/${program}:v${version}`;
}
