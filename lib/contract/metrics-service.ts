/**
 * The Service in the virtual cluster behind which the syncer serves `metrics.k8s.io`. It leads nowhere but to the
 * syncer's egress, which knows the name.
 */
export const METRICS_SERVICE = {
  name: 'sublet-metrics',
  namespace: 'kube-system',
  externalName: 'metrics.sublet.internal',
  port: 443,
  /** The name that the API server asks of the certificate. Source: kube-aggregator's `ServerName`. */
  serverName: 'sublet-metrics.kube-system.svc',
} as const;
