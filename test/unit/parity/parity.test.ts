import { Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { generate, renderYaml, resolveSpec, type VirtualClusterSpec } from '../../../lib';
import { VirtualCluster as Cdk8sCluster } from '../../../lib/cdk8s';
import { VirtualCluster as PulumiCluster } from '../../../lib/pulumi';
import { specs } from '../manifests/specs';
import { mockEngine, settled } from '../pulumi/mocks';

/** Objects by kind and name: adapters may order them as they like. */
function byName(objects: readonly unknown[]): { readonly [id: string]: unknown } {
  const named = objects as readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
  return Object.fromEntries(named.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

const generated = (spec: VirtualClusterSpec) => byName(generate(resolveSpec(spec)).map(({ object }) => object));

function yamlObjects(spec: VirtualClusterSpec): readonly unknown[] {
  return parseAllDocuments(renderYaml(resolveSpec(spec))).map((document) => document.toJS());
}

function cdk8sObjects({ name, ...props }: VirtualClusterSpec): readonly unknown[] {
  const chart = Testing.chart();
  new Cdk8sCluster(chart, name, props);
  return Testing.synth(chart);
}

async function pulumiObjects({ name, ...args }: VirtualClusterSpec, preview: boolean): Promise<readonly unknown[]> {
  const registered = mockEngine(preview);
  new PulumiCluster(name, args);
  await settled();
  return registered
    .filter(({ id, type }) => id === undefined && type.startsWith('kubernetes:'))
    .map(({ inputs }) => inputs);
}

describe.each(specs)('one declaration gives the same objects everywhere: %s', (_what, spec) => {
  it('in YAML', () => {
    expect(byName(yamlObjects(spec))).toEqual(generated(spec));
  });

  it('in cdk8s', () => {
    expect(byName(cdk8sObjects(spec))).toEqual(generated(spec));
  });

  it('in Pulumi', async () => {
    expect(byName(await pulumiObjects(spec, false))).toEqual(generated(spec));
  });

  it('in a preview of Pulumi', async () => {
    expect(byName(await pulumiObjects(spec, true))).toEqual(generated(spec));
  });
});
