import { hostLabelKey } from '../../lib/contract';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, namespace, service, webPod } from '../support/manifests';

describe('Services of a virtual cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await createTestCluster('my-vcluster');
  }, 240_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 120_000);

  test('the host Service of the article, field by field', async () => {
    await cluster.apply(namespace('demo-nginx'));
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'nginx',
        namespace: 'demo-nginx',
        labels: { app: 'nginx', 'kubernetes.io/cluster-service': 'true' },
      },
      spec: {
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }],
        selector: { app: 'nginx-deployment' },
        type: 'ClusterIP',
      },
    });
    const virtual = await cluster.json(['get', 'service', 'nginx', '-n', 'demo-nginx']);
    const owner = await cluster.host.json(['get', 'service', 'my-vcluster', '-n', cluster.namespace]);
    const host = await eventually(
      async () => {
        const found = await cluster.host.json(['get', 'service', HOST_NAME, '-n', cluster.namespace]);
        return found.metadata.annotations['vcluster.loft.sh/object-uid'] ? found : undefined;
      },
      { what: 'the host Service' },
    );
    const { creationTimestamp, resourceVersion, uid, managedFields, ...metadata } = host.metadata;
    expect({ ...host, metadata }).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        annotations: {
          'vcluster.loft.sh/object-name': 'nginx',
          'vcluster.loft.sh/object-namespace': 'demo-nginx',
          'vcluster.loft.sh/object-uid': virtual.metadata.uid,
        },
        labels: {
          'vcluster.loft.sh/label-my-vcluster-x-a172cedcae': 'nginx',
          'vcluster.loft.sh/label-my-vcluster-x-d9125f8911': 'true',
          'vcluster.loft.sh/managed-by': 'my-vcluster',
          'vcluster.loft.sh/namespace': 'demo-nginx',
        },
        name: HOST_NAME,
        namespace: 'vcluster-my-vcluster',
        ownerReferences: [
          { apiVersion: 'v1', controller: false, kind: 'Service', name: 'my-vcluster', uid: owner.metadata.uid },
        ],
      },
      spec: {
        clusterIP: virtual.spec.clusterIP,
        clusterIPs: [virtual.spec.clusterIP],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }],
        selector: {
          'vcluster.loft.sh/label-my-vcluster-x-a172cedcae': 'nginx-deployment',
          'vcluster.loft.sh/managed-by': 'my-vcluster',
          'vcluster.loft.sh/namespace': 'demo-nginx',
        },
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    });
  }, 60_000);

  test('a NodePort Service has the same ports on both sides, also after a change of type', async () => {
    await cluster.apply(deployment('shop'), service('shop'));
    await cluster.kubectl(['patch', 'service', 'shop', '-p', '{"spec":{"type":"NodePort"}}']);
    await eventually(
      async () => {
        const virtual = await cluster.json(['get', 'service', 'shop']);
        const host = await cluster.host.json([
          'get',
          'service',
          'shop-x-default-x-my-vcluster',
          '-n',
          cluster.namespace,
        ]);
        return host.spec.type === 'NodePort' && host.spec.ports[0].nodePort === virtual.spec.ports[0].nodePort;
      },
      { what: 'both sides to have the same node port' },
    );
  }, 60_000);

  test('pods reach a Service by name and by its environment, and a Service without selector leads to its endpoints', async () => {
    await cluster.apply(webPod('target'), service('target'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/target', '--timeout=60s']);
    const { podIP } = (await cluster.json(['get', 'pod', 'target'])).status;
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'by-hand', namespace: 'default' },
        spec: { ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'by-hand-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'by-hand' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [podIP] }],
        ports: [{ port: 8080, protocol: 'TCP', name: '' }],
      },
      webPod('caller'),
    );
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/caller', '--timeout=60s']);
    for (const address of ['target:80', 'target.default.svc.cluster.local:80', 'by-hand:80']) {
      await eventually(
        async () => (await cluster.tryKubectl(['exec', 'caller', '--', '/agnhost', 'connect', address])).code === 0,
        { what: `the caller to reach ${address}` },
      );
    }
    const environment = await cluster.kubectl(['exec', 'caller', '--', 'env']);
    expect(environment).toContain('TARGET_SERVICE_PORT_HTTP=80');
    expect(environment).not.toContain('MY_VCLUSTER');
  }, 120_000);

  test('names of the host cluster do not resolve, names outside of both do not lead to the host', async () => {
    const resolve = (name: string) =>
      cluster.tryKubectl(['exec', 'caller', '--', '/agnhost', 'connect', '--timeout=3s', `${name}:443`]);
    expect((await resolve('kubernetes.default.svc.cluster.local')).code).toBe(0);
    const hidden = await resolve(`my-vcluster.${cluster.namespace}.svc.cluster.local`);
    expect(hidden.code).not.toBe(0);
    expect(hidden.stdout + hidden.stderr).toMatch(/DNS/);
  }, 60_000);

  test('a deleted default/kubernetes comes back at the address of the virtual API server', async () => {
    const { clusterIP } = (await cluster.host.json(['get', 'service', 'my-vcluster', '-n', cluster.namespace])).spec;
    await cluster.kubectl(['delete', 'service', 'kubernetes', '--wait=false']);
    await eventually(async () => (await cluster.json(['get', 'service', 'kubernetes'])).spec.clusterIP === clusterIP, {
      what: 'default/kubernetes to come back at its address',
    });
  }, 60_000);

  test('deleting the Service deletes its host Service, and a foreign Service in the way is left alone', async () => {
    await cluster.host.kubectl([
      'create',
      'service',
      'clusterip',
      'claimed-x-default-x-my-vcluster',
      '--tcp=80',
      '-n',
      cluster.namespace,
    ]);
    const before = await cluster.host.json([
      'get',
      'service',
      'claimed-x-default-x-my-vcluster',
      '-n',
      cluster.namespace,
    ]);
    const refused = await cluster.tryKubectl(['create', 'service', 'clusterip', 'claimed', '--tcp=80']);
    expect(refused.stderr).toMatch(/already uses the name/);
    const after = await cluster.host.json([
      'get',
      'service',
      'claimed-x-default-x-my-vcluster',
      '-n',
      cluster.namespace,
    ]);
    expect(after).toEqual(before);
    await cluster.host.kubectl(['delete', 'service', 'claimed-x-default-x-my-vcluster', '-n', cluster.namespace]);
    await cluster.kubectl(['delete', 'service', 'shop']);
    await eventually(
      async () =>
        (
          await cluster.host.tryKubectl(['get', 'service', 'shop-x-default-x-my-vcluster', '-n', cluster.namespace])
        ).stderr.includes('NotFound'),
      { what: 'the host Service to go' },
    );
  }, 60_000);
});

const HOST_NAME = 'nginx-x-demo-nginx-x-my-vcluster';

test('the hash of a label key is that of the article', () => {
  expect(hostLabelKey('app', 'my-vcluster')).toBe('vcluster.loft.sh/label-my-vcluster-x-a172cedcae');
});
