import * as pulumi from '@pulumi/pulumi';
import { Lazy, Testing } from 'cdk8s';
import fc from 'fast-check';
import { VirtualCluster as Cdk8sCluster, type VirtualClusterProps } from '../../../lib/cdk8s';
import { VirtualCluster as PulumiCluster, type VirtualClusterArgs } from '../../../lib/pulumi';
import { declarations } from '../../support/declarations/arbitrary';
import { laterLeaves, postponed } from '../../support/declarations/postpone';
import { mockEngine, settled, valueIn } from '../pulumi/mocks';

// Thirty virtual clusters with all their objects take a while on a busy machine.
jest.setTimeout(120_000);

/** A declaration, and which of the leaves that can come later do. */
const withChosen = declarations().chain((declaration) => {
  const leaves = laterLeaves(declaration);
  const all = fc.constant(leaves);
  return fc.tuple(fc.constant(declaration), fc.oneof(all, fc.subarray([...leaves]), one(leaves)));
});

function one<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return items.length === 0 ? fc.constant([]) : fc.constantFrom(...items).map((item) => [item]);
}

function synthesized({ name, ...props }: { readonly [option: string]: unknown }): unknown {
  const chart = Testing.chart();
  new Cdk8sCluster(chart, String(name), props as VirtualClusterProps);
  return Testing.synth(chart);
}

async function registeredFor({ ...args }: { readonly [option: string]: unknown }): Promise<unknown> {
  const registered = mockEngine(false);
  try {
    new PulumiCluster('resource', args as VirtualClusterArgs);
  } finally {
    await settled();
  }
  const children = registered.filter(({ id, type }) => id === undefined && type.startsWith('kubernetes:'));
  return children.map(({ name: child, inputs }) => [child, inputs]).sort();
}

describe('a value that comes at deployment ends where the plain one would', () => {
  it('in cdk8s', () => {
    fc.assert(
      fc.property(withChosen, ([declaration, chosen]) => {
        const lazy = postponed(declaration, chosen, (value) => Lazy.any({ produce: () => value }));
        expect(synthesized(lazy)).toEqual(synthesized({ ...declaration }));
      }),
      { numRuns: 60 },
    );
  });

  it('in Pulumi', async () => {
    await fc.assert(
      fc.asyncProperty(withChosen, async ([declaration, chosen]) => {
        const outputs = postponed(declaration, chosen, (value) => pulumi.output(Promise.resolve(value)));
        expect(await registeredFor(outputs)).toEqual(await registeredFor({ ...declaration }));
      }),
      { numRuns: 25 },
    );
  });
});

/** A text that no declaration holds. */
const HIDDEN = 'hidden-from-all';

/** What the children of a virtual cluster are given, before the engine sees it. */
async function givenFor({ name, ...args }: { readonly [option: string]: unknown }): Promise<readonly unknown[]> {
  mockEngine(false);
  const given: unknown[] = [];
  const note: pulumi.ResourceTransformation = ({ type, props }) => {
    if (type.startsWith('kubernetes:')) given.push(props);
    return undefined;
  };
  try {
    new PulumiCluster(String(name), args as VirtualClusterArgs, { transformations: [note] });
  } finally {
    await settled();
  }
  return given;
}

/** Where the hidden text ends, told apart by whether the field is secret. */
async function whereHidden(given: unknown): Promise<{ readonly secret: number; readonly open: number }> {
  if (pulumi.Output.isInstance(given)) {
    const holds = JSON.stringify(await valueIn(given)).includes(HIDDEN);
    const secret = await pulumi.isSecret(given);
    return { secret: holds && secret ? 1 : 0, open: holds !== secret ? 1 : 0 };
  }
  if (typeof given === 'string') return { secret: 0, open: given.includes(HIDDEN) ? 1 : 0 };
  const inside = typeof given === 'object' && given !== null ? Object.values(given) : [];
  const counts = await Promise.all(inside.map(whereHidden));
  const sum = (kind: 'secret' | 'open') => counts.reduce((all, count) => all + count[kind], 0);
  return { secret: sum('secret'), open: sum('open') };
}

it('a secret stays secret in Pulumi, and makes no field secret that it is not in', async () => {
  let ends = 0;
  await fc.assert(
    fc.asyncProperty(withChosen, async ([declaration, chosen]) => {
      const { secret, open } = await whereHidden(
        await givenFor(postponed(declaration, chosen, () => pulumi.secret(HIDDEN))),
      );
      expect(open).toBe(0);
      ends += secret;
    }),
    { numRuns: 25 },
  );
  expect(ends).toBeGreaterThan(100);
});

describe('leaves that take a value that comes at deployment', () => {
  const sample = fc.sample(declarations(), { numRuns: 200, seed: 1 });
  const taken = new Set(sample.flatMap((declaration) => laterLeaves(declaration).map(({ path }) => patternOf(path))));

  it('are those of every section', () => {
    expect(taken.size).toBeGreaterThan(100);
    expect([...new Set([...taken].map((path) => path.split('.')[0]))].sort()).toEqual([
      'backup',
      'controlPlane',
      'customResources',
      'dns',
      'endpoint',
      'images',
      'kubeconfig',
      'namespace',
      'networking',
      'nodes',
      'serviceMappings',
      'store',
      'sync',
    ]);
  });

  it.each<[string, object]>([
    ['the name', { name: pulumi.output('x') }],
    ['a switch', { sync: { toHost: { ingresses: { enabled: pulumi.output(true) } } } }],
    ['a mode', { nodes: { mode: pulumi.output('all') } }],
    ['a namespace of a Role', { serviceMappings: { toHost: [mapping({ namespace: pulumi.output('x'), name: 'b' })] } }],
    ['a name in a Role', { sync: { fromHost: { secrets: { mappings: [mapping({ name: pulumi.output('x') })] } } } }],
    ['a host namespace', { namespaces: { mode: 'perNamespace', hostPattern: pulumi.output('team-*') } }],
    ['a custom kind', { customResources: { toHost: [{ definition: pulumi.output('x'), version: 'v1', kind: 'A' }] } }],
    [
      'the namespace, where a rule names others that it must not be',
      { namespace: pulumi.output('b'), namespaces: { mode: 'mapped', mappings: [{ virtual: 'a', host: 'b' }] } },
    ],
  ])('are not %s', async (_what, args) => {
    await expect(registeredFor({ name: 'team-a', ...args })).rejects.toThrow(
      /: a value that is known only at deployment cannot stand here/,
    );
  });
});

function mapping(host: object): object {
  return { host, virtual: { namespace: 'a', name: 'b' } };
}

/** A path without the places in lists. */
function patternOf(path: readonly (string | number)[]): string {
  return path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
}
