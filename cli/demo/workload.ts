import type { KubeObject } from '../kube/types';

/** Image of the demo's containers: Kubernetes' own for tests, which answers HTTP. */
export const DEMO_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.66.1';

/** Name of the demo's Deployment, Service and ConfigMap. */
export const DEMO_NAME = 'web';

/** Namespace of the virtual cluster that they live in. */
export const DEMO_NAMESPACE = 'default';

/** Port on which the containers answer HTTP. */
export const DEMO_PORT = 8080;

/** The file that the ConfigMap is mounted as. */
export const DEMO_FILE = '/etc/web/greeting';

const metadata = { name: DEMO_NAME, namespace: DEMO_NAMESPACE, labels: { app: DEMO_NAME } };

/** What the demo creates inside the virtual cluster. */
export function demoObjects(): readonly (KubeObject & { readonly [field: string]: unknown })[] {
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { greeting: 'Hello from inside a virtual cluster.\n' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: DEMO_NAME }, ports: [{ port: 80, targetPort: DEMO_PORT }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: DEMO_NAME } },
        template: { metadata: { labels: { app: DEMO_NAME } }, spec: podSpec() },
      },
    },
  ];
}

function podSpec(): object {
  return {
    terminationGracePeriodSeconds: 2,
    containers: [
      {
        name: DEMO_NAME,
        image: DEMO_IMAGE,
        args: ['netexec', `--http-port=${DEMO_PORT}`],
        ports: [{ containerPort: DEMO_PORT }],
        readinessProbe: { httpGet: { path: '/healthz', port: DEMO_PORT }, periodSeconds: 1 },
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
        volumeMounts: [{ name: 'config', mountPath: '/etc/web' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: DEMO_NAME } }],
  };
}
