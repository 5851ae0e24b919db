import * as pulumi from '@pulumi/pulumi';
import { Persistence, SpecError, Store, VirtualCluster } from '../../../lib/pulumi';
import { KUBECONFIG, mockEngine, settled, valueIn } from './mocks';

describe.each([
  ['up', false],
  ['preview', true],
])('VirtualCluster in Pulumi, %s |', (_command, preview) => {
  let registered = mockEngine(preview);
  beforeEach(() => {
    registered = mockEngine(preview);
  });
  const inputsOf = (name: string) => registered.find((resource) => resource.name === name)?.inputs;

  it('registers a typed child for every object, named after its part', async () => {
    new VirtualCluster('team-a');
    await settled();
    const children = registered.filter(({ id, type }) => id === undefined && type.startsWith('kubernetes:'));
    expect(children.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
      'team-a-config-backup kubernetes:core/v1:ConfigMap',
      'team-a-config-core kubernetes:core/v1:ConfigMap',
      'team-a-config-custom-resources kubernetes:core/v1:ConfigMap',
      'team-a-config-endpoint kubernetes:core/v1:ConfigMap',
      'team-a-config-isolation kubernetes:core/v1:ConfigMap',
      'team-a-config-namespaces kubernetes:core/v1:ConfigMap',
      'team-a-config-nodes kubernetes:core/v1:ConfigMap',
      'team-a-config-services kubernetes:core/v1:ConfigMap',
      'team-a-config-sync kubernetes:core/v1:ConfigMap',
      'team-a-control-plane-headless-service kubernetes:core/v1:Service',
      'team-a-control-plane-service kubernetes:core/v1:Service',
      'team-a-control-plane-statefulset kubernetes:apps/v1:StatefulSet',
      'team-a-isolation-network-control-plane kubernetes:networking.k8s.io/v1:NetworkPolicy',
      'team-a-isolation-network-egress kubernetes:networking.k8s.io/v1:NetworkPolicy',
      'team-a-isolation-network-ingress kubernetes:networking.k8s.io/v1:NetworkPolicy',
      'team-a-isolation-network-pods kubernetes:networking.k8s.io/v1:NetworkPolicy',
      'team-a-namespace kubernetes:core/v1:Namespace',
      'team-a-rbac-role kubernetes:rbac.authorization.k8s.io/v1:Role',
      'team-a-rbac-role-binding kubernetes:rbac.authorization.k8s.io/v1:RoleBinding',
      'team-a-rbac-service-account kubernetes:core/v1:ServiceAccount',
      'team-a-rbac-workload-service-account kubernetes:core/v1:ServiceAccount',
    ]);
    expect(registered.map(({ type }) => type)).toContain('sublet:index:VirtualCluster');
  });

  it('tells its names at once', async () => {
    const cluster = new VirtualCluster('team-a', { namespace: 'platform' });
    await settled();
    expect([cluster.name, cluster.kubeconfigSecret]).toEqual(['team-a', { name: 'vc-team-a', key: 'config' }]);
    expect(await valueIn(cluster.namespace)).toBe('platform');
    expect(await valueIn(cluster.endpoint)).toBe('https://team-a.platform.svc');
  });

  it('puts outputs of other resources into the manifests, alone, embedded and in JSON', async () => {
    const later = pulumi.output(Promise.resolve('la"ter'));
    new VirtualCluster('team-a', {
      namespace: pulumi.output('platform'),
      createNamespace: false,
      controlPlane: {
        extraSans: ['a.example', later],
        apiServer: { extraArgs: { 'audit-policy': [later] } },
        podAnnotations: { 'example.com/note': Promise.resolve('noted') },
      },
      store: Store.sqlite({
        persistence: Persistence.volumeClaim({ size: '1Gi', storageClass: pulumi.output('fast') }),
      }),
    });
    await settled();
    const config = inputsOf('team-a-config-core') as { readonly data: { readonly 'config.json': string } };
    expect(JSON.parse(config.data['config.json'])).toMatchObject({
      extraSans: ['a.example', 'la"ter'],
      kubeconfigServer: 'https://team-a.platform.svc',
    });
    expect(inputsOf('team-a-control-plane-statefulset')).toMatchObject({
      metadata: { namespace: 'platform' },
      spec: {
        template: { metadata: { annotations: { 'example.com/note': 'noted' } } },
        volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }],
      },
    });
    expect(JSON.stringify(inputsOf('team-a-control-plane-statefulset'))).toContain(
      JSON.stringify('--audit-policy=la"ter').slice(1, -1),
    );
  });

  it('makes a provider when it is first asked for, and only then', async () => {
    const cluster = new VirtualCluster('team-a');
    await settled();
    expect(registered.filter(({ type }) => type === 'pulumi:providers:kubernetes')).toEqual([]);
    expect(cluster.provider).toBe(cluster.provider);
    await settled();
    const providers = registered.filter(({ type }) => type === 'pulumi:providers:kubernetes');
    expect(providers).toMatchObject([
      { name: 'team-a-provider', inputs: { clusterIdentifier: 'sublet/vcluster-team-a/team-a' } },
    ]);
  });

  it('throws everything that is wrong at once', () => {
    const wrong = () => new VirtualCluster('Team A', { namespace: 'B C' });
    expect(wrong).toThrow(SpecError);
    expect(wrong).toThrow(/name \("Team A"\).*\n.*namespace \("B C"\)/);
  });

  it('registers nothing of a declaration that is wrong, and has Pulumi show its message alone', async () => {
    let thrown: unknown;
    try {
      new VirtualCluster('team-a', { namespace: 'B C' });
    } catch (error) {
      thrown = error;
    }
    await settled();
    expect(registered).toEqual([]);
    expect(pulumi.RunError.isInstance(thrown)).toBe(true);
  });
});

describe('the kubeconfig of a VirtualCluster in Pulumi |', () => {
  it('is read from the Secret that the syncer writes, and is secret', async () => {
    const registered = mockEngine(false);
    const cluster = new VirtualCluster('team-a', { namespace: pulumi.output('platform') });
    await settled();
    expect(await valueIn(cluster.kubeconfig)).toBe(KUBECONFIG);
    expect(await pulumi.isSecret(cluster.kubeconfig)).toBe(true);
    expect(await valueIn(cluster.ready)).toBe(true);
    expect(registered.filter(({ id }) => id !== undefined)).toMatchObject([
      { type: 'kubernetes:core/v1:Secret', name: 'team-a-kubeconfig', id: 'platform/vc-team-a' },
    ]);
  });

  it('is not looked for in the preview of a cluster that does not exist', async () => {
    const registered = mockEngine(true);
    const cluster = new VirtualCluster('team-a');
    await settled();
    expect(registered.flatMap(({ id }) => id ?? [])).toEqual(['']);
    expect(await valueIn(cluster.kubeconfig)).toBeUndefined();
    expect(await valueIn(cluster.ready)).toBeUndefined();
  });

  it('waits for the control plane', async () => {
    const registered = mockEngine(false);
    new VirtualCluster('team-a');
    await settled();
    const order = registered.map(({ name }) => name);
    expect(order.indexOf('team-a-kubeconfig')).toBeGreaterThan(order.indexOf('team-a-control-plane-statefulset'));
  });
});
