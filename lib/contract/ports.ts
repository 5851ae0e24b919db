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
  /** The syncer's admission webhook, on the pod's loopback only. */
  webhook: 8444,
} as const;
