import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import { controlPlaneLabels, PORTS } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';
import type { KubeObject } from '../kube/types';

/** Whether a virtual Service is the one by which pods reach DNS, and the syncer is who answers there. */
export function isServedBySyncer({ metadata }: KubeObject, { config }: ClusterContext): boolean {
  return config.dns.mode === 'embedded' && metadata.namespace === 'kube-system' && metadata.name === 'kube-dns';
}

/**
 * What leads that Service to the control plane on the host, whose pods all answer. The tenant has no say in it: with
 * other ports or another type, the control plane's own ports could be shown to the world.
 */
export function hostDnsSpec({
  cluster,
  replicated = false,
}: Pick<ClusterContext, 'cluster' | 'replicated'>): Pick<
  ServiceSpec,
  'type' | 'selector' | 'ports' | 'publishNotReadyAddresses'
> {
  const port = { port: PORTS.dns, targetPort: PORTS.dns };
  const ports: ServicePort[] = [
    { name: 'dns', protocol: 'UDP', ...port },
    { name: 'dns-tcp', protocol: 'TCP', ...port },
  ];
  return {
    type: 'ClusterIP',
    selector: { ...controlPlaneLabels(cluster) },
    // A pod is unready while its API server is, but names are known all the same. Of several pods one that starts knows
    // none yet.
    publishNotReadyAddresses: !replicated,
    ports,
  };
}
