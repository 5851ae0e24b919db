import type { HostHandle } from '../../host';
import { binaryPath } from '../../host/binaries/cache';
import { ensureBinaries } from '../../host/binaries/ensure';
import { TOOLS } from '../../host/binaries/tools';
import { ensureImages } from '../../host/images/catalog';
import { loadLayouts } from '../../host/images/load-layouts';
import { baseEntries, program } from '../../host/images/rootfs';
import { stepReporter } from '../../host/steps';
import { type KubectlTarget, kubectlTarget } from './cluster';
import { eventually } from './eventually';

/** A metrics-server on a host cluster. Disposing of it takes it away. */
export type MetricsServer = AsyncDisposable;

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
const IMAGE = `registry.k8s.io/metrics-server/metrics-server:v${TOOLS.metricsServer.version}`;

/** Runs a metrics-server on a host cluster until it has measured the nodes. It is built the first time. */
export async function installMetricsServer(host: HostHandle): Promise<MetricsServer> {
  await ensureBinaries([TOOLS.metricsServer], stepReporter(undefined));
  const entries = [...baseEntries(), program(NAME, binaryPath(TOOLS.metricsServer, NAME))];
  await loadLayouts(host, await ensureImages([{ reference: IMAGE, layers: [entries], entrypoint: [`/${NAME}`] }]));
  const target = kubectlTarget(host.kubeconfig);
  try {
    await target.apply(...MANIFESTS);
    await eventually(async () => (await target.tryKubectl(['top', 'nodes'])).code === 0, {
      what: 'the host’s measurements',
      timeoutMs: 120_000,
    });
  } catch (error) {
    await remove(target);
    throw error;
  }
  return { [Symbol.asyncDispose]: () => remove(target) };
}

async function remove(target: KubectlTarget): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: MANIFESTS });
  await target.kubectl(['delete', '-f', '-', '--ignore-not-found'], { input: list });
}

const namespaced = { name: NAME, namespace: NAMESPACE, labels: { 'k8s-app': NAME } };
const RBAC = 'rbac.authorization.k8s.io';
const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }];

const MANIFESTS: readonly object[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: namespaced },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `system:${NAME}` },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  binding('ClusterRoleBinding', `system:${NAME}`, `system:${NAME}`),
  binding('ClusterRoleBinding', `${NAME}:system:auth-delegator`, 'system:auth-delegator'),
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${NAME}-auth-reader`, namespace: NAMESPACE },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
    subjects,
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced,
    spec: { selector: { 'k8s-app': NAME }, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced,
    spec: {
      selector: { matchLabels: { 'k8s-app': NAME } },
      template: {
        metadata: { labels: { 'k8s-app': NAME } },
        spec: {
          serviceAccountName: NAME,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: NAME,
              image: IMAGE,
              args: [
                '--cert-dir=/tmp',
                '--secure-port=10250',
                '--kubelet-insecure-tls',
                '--kubelet-preferred-address-types=InternalIP',
                '--metric-resolution=10s',
                '--kubelet-request-timeout=5s',
              ],
              ports: [{ name: 'https', containerPort: 10_250 }],
              readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, periodSeconds: 2 },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: NAME, namespace: NAMESPACE, port: 443 },
    },
  },
];

function binding(kind: string, name: string, role: string): object {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects,
  };
}
