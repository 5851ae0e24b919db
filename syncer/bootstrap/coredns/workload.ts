import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import type { Container, ResourceRequirements, ServiceSpec } from 'kubernetes-types/core/v1';
import type { DnsConfig } from '../../../lib/contract';
import { DNS_PORTS } from './corefile';

/** The label by which the world finds DNS pods, and by which their Service does. */
export const DNS_SELECTOR = { 'k8s-app': 'kube-dns' } as const;

/** The Service `kube-dns`. Its ClusterIP is the host's choice. */
export function dnsServiceSpec(): ServiceSpec {
  return {
    type: 'ClusterIP',
    selector: DNS_SELECTOR,
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: DNS_PORTS.dns },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: DNS_PORTS.dns },
      { name: 'metrics', port: DNS_PORTS.metrics, protocol: 'TCP', targetPort: DNS_PORTS.metrics },
    ],
  };
}

/**
 * The Service `kube-dns` where the syncer answers. It has no selector, as no pod of the virtual cluster is behind it: on
 * the host it leads to the control plane, see `hostDnsSpec`.
 */
export function embeddedServiceSpec(): ServiceSpec {
  return {
    type: 'ClusterIP',
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: DNS_PORTS.dns },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: DNS_PORTS.dns },
    ],
  };
}

/** The Deployment `coredns`. It has no priority class: on the host it is a tenant's pod like any other. */
export function dnsDeploymentSpec({ image, replicas, resources }: DnsConfig & { mode: 'coredns' }): DeploymentSpec {
  return {
    replicas,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    selector: { matchLabels: DNS_SELECTOR },
    template: {
      metadata: { labels: DNS_SELECTOR },
      spec: {
        serviceAccountName: 'coredns',
        // The node's resolvers: names of the host cluster do not resolve there, outside names do.
        dnsPolicy: 'Default',
        securityContext: {
          runAsNonRoot: true,
          runAsUser: NOBODY,
          runAsGroup: NOBODY,
          seccompProfile: { type: 'RuntimeDefault' },
          // One of the sysctls that every kubelet allows: who is not root may listen on the port of DNS.
          sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: String(DNS_PORTS.dns) }],
        },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
          topologyKey,
          maxSkew: 1,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: DNS_SELECTOR },
        })),
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  labelSelector: { matchLabels: DNS_SELECTOR },
                  topologyKey: 'kubernetes.io/hostname',
                },
              },
            ],
          },
        },
        containers: [dnsContainer(image, resources)],
        volumes: [{ name: 'config', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } }],
      },
    },
  };
}

/** The user of distroless images' `nonroot`. */
const NOBODY = 65532;

function dnsContainer(image: string, resources: ResourceRequirements): Container {
  return {
    name: 'coredns',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    resources,
    ports: [
      { name: 'dns', containerPort: DNS_PORTS.dns, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: DNS_PORTS.dns, protocol: 'TCP' },
      { name: 'metrics', containerPort: DNS_PORTS.metrics, protocol: 'TCP' },
    ],
    livenessProbe: {
      httpGet: { path: '/health', port: DNS_PORTS.health },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: '/ready', port: DNS_PORTS.ready }, periodSeconds: 2, failureThreshold: 3 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // The binary of the official image carries this file capability. Where it is dropped altogether, the kernel refuses
      // to run it.
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };
}
