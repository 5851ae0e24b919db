import type { Service, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import { clusterNames, controlPlaneLabels, PORTS } from '../contract';
import type { ControlPlaneService, ResolvedSpec } from '../spec';
import { metadata } from './metadata';
import { canBeShared } from './shared-store';
import type { Slot } from './slot';

/** The Service under which tenants reach the virtual cluster, and the one that names its pods. */
export function serviceSlots(spec: ResolvedSpec): readonly Slot[] {
  return [
    { slot: 'control-plane/service', object: controlPlaneService(spec) },
    { slot: 'control-plane/headless-service', object: headlessService(spec) },
  ];
}

function controlPlaneService(spec: ResolvedSpec) {
  const { service } = spec.controlPlane;
  const annotations = service.annotations ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata(spec, clusterNames(spec.name).controlPlane),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
    },
    spec: {
      type: service.type,
      selector: { ...controlPlaneLabels(spec.name) },
      // A pod is unready while its syncer is, but the virtual API server must stay reachable without the syncer. Of
      // several pods one that starts or stops must not be asked: others are there.
      publishNotReadyAddresses: !canBeShared(spec),
      ports: portsOf(service),
      ...loadBalancerFields(service),
    },
  } satisfies Service;
}

/** Outside the host cluster only the API server is shown: nobody but it has business with the kubelet API. */
function portsOf(service: ControlPlaneService): ServicePort[] {
  const https: ServicePort = {
    name: 'https',
    protocol: 'TCP',
    port: PORTS.apiService,
    targetPort: PORTS.apiServer,
    ...(service.type === 'NodePort' && service.nodePort !== undefined ? { nodePort: service.nodePort } : {}),
  };
  return service.type === 'ClusterIP' ? [https, kubeletPort()] : [https];
}

function kubeletPort(): ServicePort {
  return { name: 'kubelet', protocol: 'TCP', port: PORTS.kubelet, targetPort: PORTS.kubelet };
}

function loadBalancerFields(service: ControlPlaneService): Partial<ServiceSpec> {
  if (service.type !== 'LoadBalancer') return {};
  const { loadBalancerClass, loadBalancerSourceRanges } = service;
  return {
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(loadBalancerSourceRanges === undefined ? {} : { loadBalancerSourceRanges: [...loadBalancerSourceRanges] }),
  };
}

function headlessService(spec: ResolvedSpec) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(spec, clusterNames(spec.name).headlessService),
    spec: {
      clusterIP: 'None',
      selector: { ...controlPlaneLabels(spec.name) },
      publishNotReadyAddresses: true,
      ports: [{ name: 'https', protocol: 'TCP', port: PORTS.apiServer, targetPort: PORTS.apiServer }, kubeletPort()],
    },
  } satisfies Service;
}
