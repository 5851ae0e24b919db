import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import type { Container, ServiceSpec } from 'kubernetes-types/core/v1';
import type { CoreSection } from '../../../lib/contract';
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

/** The Deployment `coredns`. It has no priority class: on the host it is a tenant's pod like any other. */
export function dnsDeploymentSpec({ image, replicas }: CoreSection['dns']): DeploymentSpec {
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
        },
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
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
        containers: [dnsContainer(image)],
        volumes: [{ name: 'config', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } }],
      },
    },
  };
}

/** The user of distroless images' `nonroot`. */
const NOBODY = 65532;

function dnsContainer(image: string): Container {
  return {
    name: 'coredns',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '170Mi' } },
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
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };
}
