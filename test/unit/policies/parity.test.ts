import * as pulumi from '@pulumi/pulumi';
import { App, Chart, Lazy, Testing } from 'cdk8s';
import { resolveSpec } from '../../../lib';
import * as inCdk8s from '../../../lib/cdk8s';
import type { Slot } from '../../../lib/manifests';
import { generate } from '../../../lib/manifests';
import { generatePolicy } from '../../../lib/manifests/policies/policy';
import * as inPulumi from '../../../lib/pulumi';
import { resolvePolicyInput } from '../../../lib/spec/policies/policy';
import { mockEngine, settled } from '../pulumi/mocks';
import { type DeclaredPolicy, POLICIES } from './declarations';

const name = 'team-a';

/** Makes the construct of a policy. */
function cdk8sPolicy(chart: Chart, cluster: inCdk8s.VirtualCluster | { name: string }, policy: DeclaredPolicy) {
  switch (policy.option) {
    case 'sync':
      return new inCdk8s.SyncPolicy(chart, 'policy', { cluster, ...policy.declaration });
    case 'nodes':
      return new inCdk8s.NodeSyncPolicy(chart, 'policy', { cluster, ...policy.declaration });
    case 'serviceMappings':
      return new inCdk8s.ServiceMapping(chart, 'policy', { cluster, ...policy.declaration });
    case 'namespaces':
      return new inCdk8s.NamespaceMapping(chart, 'policy', { cluster, ...policy.declaration });
    case 'customResources':
      return new inCdk8s.CustomResourceSync(chart, 'policy', { cluster, ...policy.declaration });
    case 'endpoint':
      return new inCdk8s.ExposedEndpoint(chart, 'policy', { cluster, ...policy.declaration });
    case 'isolation':
      return new inCdk8s.IsolationPolicy(chart, 'policy', { cluster, ...policy.declaration });
    case 'backup':
      return new inCdk8s.Backup(chart, 'policy', { cluster, ...policy.declaration });
  }
}

/** Makes the component of a policy. */
function pulumiPolicy(cluster: inPulumi.VirtualCluster | { name: string }, policy: DeclaredPolicy) {
  switch (policy.option) {
    case 'sync':
      return new inPulumi.SyncPolicy('policy', { cluster, ...policy.declaration });
    case 'nodes':
      return new inPulumi.NodeSyncPolicy('policy', { cluster, ...policy.declaration });
    case 'serviceMappings':
      return new inPulumi.ServiceMapping('policy', { cluster, ...policy.declaration });
    case 'namespaces':
      return new inPulumi.NamespaceMapping('policy', { cluster, ...policy.declaration });
    case 'customResources':
      return new inPulumi.CustomResourceSync('policy', { cluster, ...policy.declaration });
    case 'endpoint':
      return new inPulumi.ExposedEndpoint('policy', { cluster, ...policy.declaration });
    case 'isolation':
      return new inPulumi.IsolationPolicy('policy', { cluster, ...policy.declaration });
    case 'backup':
      return new inPulumi.Backup('policy', { cluster, ...policy.declaration });
  }
}

/** Objects by kind and name: adapters may order them as they like. */
function byName(objects: readonly unknown[]): { readonly [id: string]: unknown } {
  const named = objects as readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
  return Object.fromEntries(named.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}
const objectsOf = (slots: readonly Slot[]) => byName(slots.map(({ object }) => object));

describe.each(POLICIES)('a cluster and its policy are the same objects everywhere: %s', (_what, declared) => {
  const { option, declaration, beside = {} } = declared;
  const expected = {
    ...objectsOf(generate(resolveSpec({ name, ...beside, requires: [option] }))),
    ...objectsOf(generatePolicy(resolvePolicyInput(option, { cluster: { name, declares: beside }, ...declaration }))),
  };

  it('in cdk8s', () => {
    const chart = Testing.chart();
    cdk8sPolicy(chart, new inCdk8s.VirtualCluster(chart, name, { ...beside, requires: [option] }), declared);
    expect(byName(Testing.synth(chart))).toEqual(expected);
  });

  it('in cdk8s, in charts of their own', () => {
    const app = new App();
    new inCdk8s.VirtualCluster(new Chart(app, 'cluster'), name, { ...beside, requires: [option] });
    const reference = { name, declares: beside };
    cdk8sPolicy(new Chart(app, 'policies'), reference, declared);
    expect(byName(app.charts.flatMap((chart) => chart.toJson()))).toEqual(expected);
  });

  it('in Pulumi', async () => {
    const registered = mockEngine(false);
    pulumiPolicy(new inPulumi.VirtualCluster(name, { ...beside, requires: [option] }), declared);
    await settled();
    const objects = registered.filter(({ id, type }) => id === undefined && type.startsWith('kubernetes:'));
    expect(byName(objects.map(({ inputs }) => inputs))).toEqual(expected);
  });
});

describe('a policy of a cluster that does not wait for it', () => {
  const message = /does not wait for this policy, and has its own nodes.*requires: \['nodes'\]/s;

  it('is refused in cdk8s', () => {
    const chart = Testing.chart();
    const cluster = new inCdk8s.VirtualCluster(chart, name);
    expect(() => new inCdk8s.NodeSyncPolicy(chart, 'nodes', { cluster, mode: 'all' })).toThrow(message);
  });

  it('is refused in Pulumi', async () => {
    mockEngine(false);
    const cluster = new inPulumi.VirtualCluster(name);
    expect(() => new inPulumi.NodeSyncPolicy('nodes', { cluster, mode: 'all' })).toThrow(message);
    await settled();
  });
});

describe('values that are known only at deployment', () => {
  it('stand in a cdk8s policy where they are put', () => {
    const chart = Testing.chart();
    const namespace = Lazy.any({ produce: () => 'platform' }) as unknown as string;
    new inCdk8s.NodeSyncPolicy(chart, 'nodes', { cluster: { name, namespace }, mode: 'fake' });
    expect(Testing.synth(chart)).toMatchObject([
      { kind: 'Role', metadata: { namespace: 'platform' } },
      { kind: 'RoleBinding', subjects: [{ namespace: 'platform' }] },
      { kind: 'ConfigMap', metadata: { namespace: 'platform' } },
    ]);
  });

  it('stand in a Pulumi policy where they are put', async () => {
    const registered = mockEngine(false);
    new inPulumi.NodeSyncPolicy('nodes', { cluster: { name, namespace: pulumi.output('platform') }, mode: 'all' });
    await settled();
    const binding = registered.find(({ type }) => type.endsWith('ClusterRoleBinding'));
    expect(binding?.inputs).toMatchObject({
      metadata: { name: 'vc-team-a-v-platform:nodes' },
      subjects: [{ namespace: 'platform' }],
    });
  });
});
