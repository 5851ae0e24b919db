import type { Container, ContainerPort, EnvVar } from 'kubernetes-types/core/v1';
import { PORTS, SYNCER_ENV } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { REQUIRED_SECTIONS } from '../sections';
import { canBeShared, lingering } from '../shared-store';
import { MOUNTS } from '../volumes';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/** Prepares what the other containers start from: certificates, configuration files, the host's service CIDR. */
export function initContainer(spec: ResolvedSpec): Container {
  return {
    name: 'init',
    args: ['init'],
    ...common(spec),
    volumeMounts: [MOUNTS.pkiWritable, MOUNTS.hostToken],
  };
}

/** The syncer: makes the virtual cluster's workloads real on the host. */
export function syncerContainer(spec: ResolvedSpec): Container {
  const get = (path: string) => ({ httpGet: { path, port: PORTS.syncerHealth } });
  return {
    name: 'syncer',
    args: ['run'],
    ...common(spec),
    ports: [
      { name: 'kubelet', containerPort: PORTS.kubelet, protocol: 'TCP' },
      { name: 'health', containerPort: PORTS.syncerHealth, protocol: 'TCP' },
      ...dnsPorts(spec),
    ],
    startupProbe: { ...get('/healthz'), periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 180 },
    readinessProbe: { ...get('/readyz'), periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...get('/healthz'), periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
    ...lingering(spec),
    volumeMounts: [MOUNTS.pkiWritable, MOUNTS.sockets, MOUNTS.hostToken],
  };
}

function dnsPorts({ dns }: ResolvedSpec): ContainerPort[] {
  if (dns.mode !== 'embedded') return [];
  return [
    { name: 'dns', containerPort: PORTS.dns, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: PORTS.dns, protocol: 'TCP' },
  ];
}

function common(spec: ResolvedSpec) {
  return {
    image: spec.images.syncer,
    imagePullPolicy: spec.images.pullPolicy,
    env: environment(spec),
    resources: resourceRequirements(spec.controlPlane.syncer.resources),
    securityContext: containerSecurity(),
  } satisfies Partial<Container>;
}

function environment(spec: ResolvedSpec): EnvVar[] {
  const field = (name: string, fieldPath: string): EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return [
    { name: SYNCER_ENV.cluster, value: spec.name },
    field(SYNCER_ENV.namespace, 'metadata.namespace'),
    field(SYNCER_ENV.podName, 'metadata.name'),
    field(SYNCER_ENV.podIp, 'status.podIP'),
    { name: SYNCER_ENV.requiredSections, value: REQUIRED_SECTIONS.join(',') },
    { name: SYNCER_ENV.logLevel, value: spec.controlPlane.syncer.logLevel },
    ...(canBeShared(spec) ? [{ name: SYNCER_ENV.replicated, value: 'true' }] : []),
  ];
}
