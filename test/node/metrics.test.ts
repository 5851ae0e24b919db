import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { BUSYBOX, pod } from '../support/manifests';
import { installMetricsServer, type MetricsServer } from '../support/metrics-server';
import { sharedHost } from '../support/shared-host';

/** Autoscaling as it is, but without the minutes for which Kubernetes distrusts a new pod. */
const HASTE = [
  'horizontal-pod-autoscaler-sync-period=5s',
  'horizontal-pod-autoscaler-initial-readiness-delay=1s',
  'horizontal-pod-autoscaler-cpu-initialization-period=1s',
].map((one) => `controlPlane.controllerManager.extraArgs.${one}`);

const BUSY = ['sh', '-c', 'while true; do :; done'];
const resources = { requests: { cpu: '50m', memory: '16Mi' }, limits: { cpu: '150m', memory: '32Mi' } };

describe('resource usage in a virtual cluster', () => {
  let server: MetricsServer;
  let cluster: TestCluster;
  beforeAll(async () => {
    server = await installMetricsServer(await sharedHost());
    cluster = await createTestCluster(
      'usage',
      HASTE.flatMap((one) => ['--set', one]),
    );
    await cluster.apply(pod('busy', { command: BUSY, resources }));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/busy', '--timeout=60s']);
    // A machine without the binary builds it first.
  }, 1_800_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  }, 180_000);

  test('kubectl top shows pods under their own names, and the nodes that they run on', async () => {
    const top = await eventually(
      async () => {
        const { code, stdout } = await cluster.tryKubectl(['top', 'pods', '-A', '--containers', '--no-headers']);
        return code === 0 && stdout.includes('busy') ? stdout : undefined;
      },
      { what: 'the pod’s measurements', timeoutMs: 90_000 },
    );
    expect(top).toMatch(/default\s+busy\s+main\s+\d+m/);
    expect(top).not.toContain('-x-');
    const [node] = (await cluster.json(['get', 'nodes'])).items;
    expect(await cluster.kubectl(['top', 'nodes', '--no-headers'])).toContain(node.metadata.name);
    expect(await cluster.kubectl(['top', 'pods', '-l', 'app=busy', '--no-headers'])).toContain('busy');
    expect((await cluster.tryKubectl(['top', 'pods', '-l', 'app=other'])).stdout).toBe('');
  }, 120_000);

  test('the metrics API answers the API server alone', async () => {
    const path =
      '/api/v1/namespaces/kube-system/services/https:sublet-metrics:443/proxy/apis/metrics.k8s.io/v1beta1/pods';
    expect((await cluster.tryKubectl(['get', '--raw', path])).code).not.toBe(0);
  }, 30_000);

  test('a HorizontalPodAutoscaler scales by it, up and down', async () => {
    await cluster.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'scaled', namespace: 'default' },
        spec: {
          selector: { matchLabels: { app: 'scaled' } },
          template: {
            metadata: { labels: { app: 'scaled' } },
            spec: {
              terminationGracePeriodSeconds: 1,
              containers: [{ name: 'main', image: BUSYBOX, command: BUSY, resources }],
            },
          },
        },
      },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'scaled', namespace: 'default' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
          minReplicas: 1,
          maxReplicas: 2,
          behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
          ],
        },
      },
    );
    const replicas = async () => (await cluster.json(['get', 'deployment', 'scaled'])).status.readyReplicas;
    await eventually(async () => (await replicas()) === 2, { what: 'the second pod', timeoutMs: 150_000 });
    const idle = { spec: { template: { spec: { containers: [{ name: 'main', command: ['sleep', '3600'] }] } } } };
    await cluster.kubectl(['patch', 'deployment', 'scaled', '--patch', JSON.stringify(idle)]);
    await eventually(async () => (await replicas()) === 1, { what: 'the second pod to go', timeoutMs: 150_000 });
  }, 360_000);
});
