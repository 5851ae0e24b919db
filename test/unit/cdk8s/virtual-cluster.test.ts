import * as pulumi from '@pulumi/pulumi';
import { ApiObject, App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Persistence, SpecError, Store, VirtualCluster } from '../../../lib/cdk8s';

interface Synthesized {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: { readonly [key: string]: string };
}

const object = (manifests: readonly Synthesized[], id: string) =>
  manifests.find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);

/** A value as JavaScript would pass it, whatever the types say. */
const untyped = (value: unknown): string => value as string;

describe('VirtualCluster in cdk8s |', () => {
  it('is named after its id, and tells where it is found', () => {
    const cluster = new VirtualCluster(Testing.chart(), 'team-a');
    expect(cluster).toMatchObject({
      name: 'team-a',
      namespace: 'vcluster-team-a',
      endpoint: 'https://team-a.vcluster-team-a.svc',
      labels: { app: 'vcluster', release: 'team-a' },
      kubeconfigSecret: { name: 'vc-team-a', key: 'config' },
    });
    expect([cluster.service.name, VirtualCluster.isVirtualCluster(cluster)]).toEqual(['team-a', true]);
    expect(VirtualCluster.isVirtualCluster({})).toBe(false);
  });

  it('keeps its names under a chart that hashes those of others', () => {
    const chart = new Chart(Testing.app(), 'platform', { disableResourceNameHashes: false });
    new VirtualCluster(chart, 'cluster', { name: 'team-a' });
    expect(object(Testing.synth(chart), 'StatefulSet/team-a')).toBeDefined();
  });

  it('shows every object as a child named after its part', () => {
    const cluster = new VirtualCluster(Testing.chart(), 'team-a');
    expect(cluster.node.children.map(({ node }) => node.id)).toEqual([
      'namespace',
      'isolation-network-pods',
      'isolation-network-ingress',
      'isolation-network-egress',
      'isolation-network-control-plane',
      'rbac-service-account',
      'rbac-workload-service-account',
      'rbac-role',
      'rbac-role-binding',
      'config-core',
      'config-sync',
      'config-nodes',
      'config-services',
      'config-namespaces',
      'config-custom-resources',
      'config-endpoint',
      'config-isolation',
      'config-backup',
      'control-plane-service',
      'control-plane-headless-service',
      'control-plane-statefulset',
    ]);
  });

  it('lets its StatefulSet be found and patched', () => {
    const chart = Testing.chart();
    const cluster = new VirtualCluster(chart, 'team-a');
    expect(ApiObject.of(cluster)).toBe(cluster.statefulSet);
    ApiObject.of(cluster).addJsonPatch(JsonPatch.add('/spec/template/spec/runtimeClassName', 'gvisor'));
    expect(object(Testing.synth(chart), 'StatefulSet/team-a')).toMatchObject({
      spec: { template: { spec: { runtimeClassName: 'gvisor' } } },
    });
  });

  it('lives in the namespace of its chart, and gives none to the namespace itself', () => {
    const chart = new Chart(Testing.app(), 'platform', { namespace: 'shared', labels: { team: 'a' } });
    const cluster = new VirtualCluster(chart, 'team-a');
    const manifests = Testing.synth(chart);
    expect(cluster.namespace).toBe('shared');
    expect(object(manifests, 'Namespace/shared')).toMatchObject({ metadata: { labels: { team: 'a' } } });
    expect(object(manifests, 'Namespace/shared')).not.toHaveProperty('metadata.namespace');
    expect(object(manifests, 'StatefulSet/team-a')).toHaveProperty('metadata.namespace', 'shared');
  });

  it('goes with objects of cdk8s-plus', () => {
    const chart = Testing.chart();
    const namespace = new kplus.Namespace(chart, 'ns', { metadata: { name: 'platform' } });
    const cluster = new VirtualCluster(chart, 'team-a', { namespace: namespace.name, createNamespace: false });
    kplus.Secret.fromSecretName(chart, 'kubeconfig', cluster.kubeconfigSecret.name);
    expect(object(Testing.synth(chart), 'Service/team-a')).toHaveProperty('metadata.namespace', 'platform');
  });

  it('throws everything that is wrong at once', () => {
    const wrong = () => new VirtualCluster(Testing.chart(), 'Team A', { namespace: 'B C' });
    expect(wrong).toThrow(SpecError);
    expect(wrong).toThrow(/name \("Team A"\).*\n.*namespace \("B C"\)/);
  });

  it('sends users of Pulumi to their entry point', () => {
    const args = { namespace: untyped(pulumi.output('x')) };
    expect(() => new VirtualCluster(Testing.chart(), 'team-a', args)).toThrow(/namespace: .*sublet\/pulumi/s);
  });
});

describe('lazy values in cdk8s |', () => {
  it('may stand in any text, alone, embedded and in JSON', () => {
    const chart = Testing.chart();
    let produced = '';
    const lazy: string = Lazy.any({ produce: () => produced });
    const nested: string = Lazy.any({ produce: () => lazy });
    new VirtualCluster(chart, 'team-a', {
      namespace: lazy,
      controlPlane: { extraSans: ['a.example', nested], nodeSelector: { pool: lazy } },
      store: Store.sqlite({ persistence: Persistence.volumeClaim({ storageClass: nested }) }),
    });
    produced = 'late';
    const manifests = Testing.synth(chart);
    const { data } = object(manifests, 'ConfigMap/team-a-config-core') ?? {};
    expect(JSON.parse(data?.['config.json'] ?? '')).toMatchObject({
      extraSans: ['a.example', 'late'],
      kubeconfigServer: 'https://team-a.late.svc',
    });
    expect(object(manifests, 'StatefulSet/team-a')).toMatchObject({
      metadata: { namespace: 'late' },
      spec: {
        template: { spec: { nodeSelector: { pool: 'late' } } },
        volumeClaimTemplates: [{ spec: { storageClassName: 'late' } }],
      },
    });
    expect(object(manifests, 'Namespace/late')).toBeDefined();
  });

  it('are resolved by the resolvers of the app, embedded ones too', () => {
    class Token {}
    const resolver = {
      resolve: (context: { readonly value: unknown; replaceValue(value: unknown): void }) => {
        if (context.value instanceof Token) context.replaceValue('resolved');
      },
    };
    const chart = new Chart(new App({ resolvers: [resolver] }), 'test');
    const token = untyped(new Token());
    new VirtualCluster(chart, 'team-a', { namespace: token, createNamespace: false });
    const config = object(Testing.synth(chart), 'ConfigMap/team-a-config-core');
    expect(config).toMatchObject({
      metadata: { namespace: 'resolved' },
      data: { 'config.json': expect.stringContaining('https://team-a.resolved.svc') },
    });
  });
});

describe('objects declared twice |', () => {
  const problems = (chart: Chart) => {
    try {
      Testing.synth(chart);
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('are an error that names both places', () => {
    const chart = Testing.chart();
    new VirtualCluster(chart, 'one', { name: 'team-a' });
    new VirtualCluster(chart, 'two', { name: 'team-a' });
    expect(problems(chart)).toContain('[test/one] apps/StatefulSet vcluster-team-a/team-a is also declared at');
  });

  it('say what to do about a shared namespace', () => {
    const chart = Testing.chart();
    new VirtualCluster(chart, 'team-a', { namespace: 'shared' });
    new VirtualCluster(chart, 'team-b', { namespace: 'shared' });
    expect(problems(chart)).toContain('createNamespace: false');
  });

  it('are none where only the names are alike', () => {
    const chart = Testing.chart();
    new VirtualCluster(chart, 'one', { name: 'team-a', namespace: 'x' });
    new VirtualCluster(chart, 'two', { name: 'team-a', namespace: 'y' });
    expect(problems(chart)).toBe('');
  });
});
