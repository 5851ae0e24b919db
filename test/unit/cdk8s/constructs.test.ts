import { ApiObject, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import * as oldest from 'cdk8s-plus-27';
import * as newest from 'cdk8s-plus-34';
import type { IConstruct } from 'constructs';
import fc from 'fast-check';
import { Persistence, ServiceMapping, Store, VirtualCluster, type VirtualClusterProps } from '../../../lib/cdk8s';
import { versions } from '../../support/declarations/versions';

// Each pair is two apps that are built.
jest.setTimeout(120_000);

interface Synthesized {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
  };
  readonly [field: string]: unknown;
}

const find = (manifests: readonly Synthesized[], id: string) =>
  manifests.find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);

/** Every child by its path in the tree, with what it is on the host. */
function childrenOf(props: VirtualClusterProps): ReadonlyMap<string, string> {
  const { node } = new VirtualCluster(Testing.chart(), 'team-a', props);
  return new Map(node.children.map((child) => [child.node.path, described(ApiObject.of(child))]));
}

function described({ apiVersion, kind, name }: ApiObject): string {
  return `${apiVersion} ${kind} ${name}`;
}

describe('the constructs of a virtual cluster |', () => {
  it('keep id, kind and name from one version of the declaration to the next', () => {
    fc.assert(
      fc.property(versions(), ([before, after]) => {
        const namespace = 'platform';
        const old = childrenOf({ ...before, namespace });
        for (const [path, now] of childrenOf({ ...after, namespace })) expect(old.get(path) ?? now).toBe(now);
      }),
      { numRuns: 60 },
    );
  });

  it('are ApiObjects, each of which can be patched', () => {
    const chart = Testing.chart();
    const cluster = new VirtualCluster(chart, 'team-a');
    for (const child of cluster.node.children)
      ApiObject.of(child).addJsonPatch(JsonPatch.add('/metadata/annotations', { patched: child.node.id }));
    const manifests: readonly Synthesized[] = Testing.synth(chart);
    expect(manifests.map(({ metadata }) => metadata.annotations?.patched)).toEqual(
      cluster.node.children.map(({ node }) => node.id),
    );
  });

  it('take mixins, alone and with all that they hold', () => {
    const chart = Testing.chart();
    const applied: string[] = [];
    const labelled = {
      supports: (construct: IConstruct) => ApiObject.isApiObject(construct),
      applyTo(construct: IConstruct) {
        applied.push(construct.node.id);
        ApiObject.of(construct).metadata.addLabel('cost-centre', '42');
      },
    };
    const cluster = new VirtualCluster(chart, 'team-a');
    expect(cluster.with(labelled)).toBe(cluster);
    expect(applied).toEqual(cluster.node.children.map(({ node }) => node.id));
    const manifests: readonly Synthesized[] = Testing.synth(chart);
    expect(new Set(manifests.map(({ metadata }) => metadata.labels?.['cost-centre']))).toEqual(new Set(['42']));
  });

  it('take validations of the user beside their own', () => {
    const chart = Testing.chart();
    const cluster = new VirtualCluster(chart, 'team-a');
    cluster.node.addValidation({ validate: () => ['clusters of this team are made by somebody else'] });
    new VirtualCluster(chart, 'twin', { name: 'team-a' });
    const synth = () => Testing.synth(chart);
    expect(synth).toThrow('[test/team-a] clusters of this team are made by somebody else');
    expect(synth).toThrow('[test/twin] apps/StatefulSet vcluster-team-a/team-a is also declared at test/team-a');
  });
});

describe.each([
  ['27', oldest],
  ['34', newest],
])('objects of cdk8s-plus-%s |', (_version, kplus) => {
  it('stand where a text names them', () => {
    const chart = Testing.chart();
    const namespace = new kplus.Namespace(chart, 'ns', { metadata: { name: 'platform' } });
    const pull = new kplus.Secret(chart, 'pull', { metadata: { name: 'registry', namespace: 'platform' } });
    const database = new kplus.Service(chart, 'db', { metadata: { name: 'postgres' }, ports: [{ port: 5432 }] });
    const fast = new ApiObject(chart, 'fast', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
    const cluster = new VirtualCluster(chart, 'team-a', {
      namespace,
      createNamespace: false,
      store: Store.sqlite({ persistence: Persistence.volumeClaim({ storageClass: fast }) }),
      images: { pullSecrets: [pull, kplus.Secret.fromSecretName(chart, 'other', 'mirror')] },
      requires: ['serviceMappings'],
    });
    const mapping = { virtual: { namespace: 'default', name: 'db' }, host: { name: database } };
    new ServiceMapping(chart, 'services', { cluster, fromHost: [mapping] });
    const manifests: readonly Synthesized[] = Testing.synth(chart);
    expect(cluster.namespace).toBe('platform');
    expect(find(manifests, 'StatefulSet/team-a')).toMatchObject({
      metadata: { namespace: 'platform' },
      spec: {
        template: { spec: { imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] } },
        volumeClaimTemplates: [{ spec: { storageClassName: fast.name } }],
      },
    });
    expect(JSON.stringify(find(manifests, 'ConfigMap/team-a-config-services'))).toContain('postgres');
  });

  it('find the kubeconfig that a virtual cluster hands out', () => {
    const chart = Testing.chart();
    const { kubeconfigSecret } = new VirtualCluster(chart, 'team-a');
    const secret = kplus.Secret.fromSecretName(chart, 'kubeconfig', kubeconfigSecret.name);
    new kplus.Pod(chart, 'tool', {
      containers: [{ image: 'tool', envVariables: { KUBECONFIG_TEXT: secret.envValue(kubeconfigSecret.key) } }],
    });
    expect(JSON.stringify(Testing.synth(chart))).toContain('{"secretKeyRef":{"key":"config","name":"vc-team-a"}}');
  });
});

describe('objects declared twice in an app |', () => {
  const problems = (chart: Chart): string => {
    try {
      Testing.synth(chart);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'vcluster-team-a' } };

  it('are found among those of others, also when they come after the app was rendered', () => {
    const chart = Testing.chart();
    const cluster = new VirtualCluster(chart, 'team-a');
    expect(problems(chart)).toBe('');
    new ApiObject(cluster, 'namespace-of-mine', namespaceObject);
    expect(problems(chart)).toContain('Namespace vcluster-team-a is also declared at test/team-a/namespace-of-mine');
    cluster.node.tryRemoveChild('namespace-of-mine');
    expect(problems(chart)).toBe('');
  });

  it('are found in another chart, whatever namespace that has', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'one');
    new VirtualCluster(chart, 'team-a');
    new ApiObject(new Chart(app, 'two', { namespace: 'elsewhere' }), 'ns', namespaceObject);
    expect(problems(chart)).toContain('Namespace vcluster-team-a is also declared at two/ns');
  });

  it('are told apart by namespaces that come later', () => {
    const lazy = (text: string): string => Lazy.any({ produce: () => text });
    const chart = Testing.chart();
    new VirtualCluster(chart, 'one', { name: 'team-a', namespace: lazy('x') });
    new VirtualCluster(chart, 'two', { name: 'team-a', namespace: lazy('y') });
    expect(problems(chart)).toBe('');
    const shared = lazy('z');
    new VirtualCluster(chart, 'three', { name: 'team-b', namespace: shared });
    new VirtualCluster(chart, 'four', { name: 'team-b', namespace: shared });
    expect(problems(chart)).toContain('StatefulSet');
  });
});
