/** Ports of the control-plane pod and its Services. */
export const PORTS = {
  /** The API server in the pod, and the target of the Service's port 443. */
  apiServer: 8443,
  /** The kubelet API that the syncer serves, in the pod and on the Services. */
  kubelet: 10250,
  /** Port of the Service under which tenants reach the API server. */
  apiService: 443,
  /** Liveness, readiness and metrics of the syncer (plain HTTP). */
  syncerHealth: 8080,
  /** DNS where the syncer answers it. The usual port, as policies name it; below 1024, so that it takes a sysctl. */
  dns: 53,
  /** The syncer's admission webhook, on the pod's loopback only. */
  webhook: 8444,
} as const;
