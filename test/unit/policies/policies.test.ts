import type { PolicyRule } from 'kubernetes-types/rbac/v1';
import {
  generate,
  type PolicyOption,
  parseSpec,
  resolvePolicy,
  resolveSpec,
  SpecError,
  type VirtualClusterSpec,
} from '../../../lib';
import type { Slot } from '../../../lib/manifests';
import { generatePolicy } from '../../../lib/manifests/policies/policy';
import { resolvePolicyInput } from '../../../lib/spec/policies/policy';
import { type DeclaredPolicy, POLICIES } from './declarations';

const name = 'team-a';

function policyOf({ option, declaration, beside }: DeclaredPolicy): readonly Slot[] {
  return generatePolicy(resolvePolicyInput(option, { cluster: { name, declares: beside }, ...declaration }));
}

/** The same, declared by the virtual cluster itself. */
function inOne({ option, declaration, beside }: DeclaredPolicy): VirtualClusterSpec {
  if (option !== 'customResources') return { name, ...beside, [option]: declaration };
  const { patches, ...customResources } = declaration;
  return parseSpec({ name, ...beside, customResources, patches });
}

/** A declaration that leaves the option to a policy. */
const requiring = ({ option, beside }: DeclaredPolicy): VirtualClusterSpec => ({ name, ...beside, requires: [option] });

/** Everything that roles allow, one line a verb, kind and place. */
function allowed(slots: readonly Slot[]): readonly string[] {
  const lines = slots.flatMap(({ object: { kind, metadata, rules } }) =>
    kind !== 'Role' && kind !== 'ClusterRole'
      ? []
      : (rules as readonly PolicyRule[]).flatMap(({ apiGroups = [], resources = [], resourceNames = ['*'], verbs }) =>
          verbs.map((verb) => [metadata.namespace, apiGroups, resources, resourceNames, verb].join(' ')),
        ),
  );
  return [...new Set(lines)].sort();
}

const isSection = ({ object }: Slot): boolean => object.kind === 'ConfigMap';

describe.each(POLICIES)('a policy of its own: %s', (_what, declared) => {
  const cluster = generate(resolveSpec(requiring(declared)));
  const policy = policyOf(declared);
  const together = generate(resolveSpec(inOne(declared)));

  it('says what the option of the virtual cluster says', () => {
    const sections = [...cluster, ...policy].filter(isSection).map(({ object }) => object);
    expect(sections).toHaveLength(together.filter(isSection).length);
    expect(sections).toEqual(expect.arrayContaining(together.filter(isSection).map(({ object }) => object)));
  });

  it('takes the rights that the option takes, and leaves the virtual cluster no others', () => {
    expect(allowed([...cluster, ...policy])).toEqual(allowed(together));
  });

  it('has the same other objects', () => {
    const others = (slots: readonly Slot[]) =>
      slots.filter((slot) => !isSection(slot) && !slot.slot.startsWith('rbac/'));
    expect(others([...cluster, ...policy])).toEqual(expect.arrayContaining([...others(together)]));
    expect(others([...cluster, ...policy])).toHaveLength(others(together).length);
  });

  it('has objects of its own, and binds only the syncer', () => {
    const idOf = ({ object: { kind, metadata } }: Slot) => `${kind} ${metadata.namespace} ${metadata.name}`;
    expect(policy.map(idOf).filter((id) => cluster.map(idOf).includes(id))).toEqual([]);
    for (const { object } of policy.filter(({ slot }) => slot.includes('binding')))
      expect(object.subjects).toEqual([{ kind: 'ServiceAccount', name: 'vc-team-a', namespace: 'vcluster-team-a' }]);
  });
});

function problemsOf(declare: () => unknown): readonly string[] {
  try {
    declare();
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

describe('a virtual cluster that waits for policies', () => {
  it.each<[PolicyOption, VirtualClusterSpec]>([
    ['nodes', { name, nodes: { mode: 'all' } }],
    ['sync', { name, sync: {} }],
    ['serviceMappings', { name, serviceMappings: {} }],
    ['namespaces', { name, namespaces: { mode: 'single' } }],
    ['customResources', { name, customResources: {} }],
    ['endpoint', { name, endpoint: { via: 'nodePort', hostname: 'a.example.com', nodePort: 30_443 } }],
  ])('does not declare %s itself', (option, spec) => {
    expect(problemsOf(() => resolveSpec({ ...spec, requires: [option] }))).toEqual([
      `requires[0]: ${option} is declared here too`,
    ]);
  });
});

describe('a policy that is wrong', () => {
  const cluster = { name };

  it('is told by paths below the policy', () => {
    const wrong = { cluster, toHost: { ingresses: { enabled: 'yes' } } } as unknown as { cluster: { name: string } };
    expect(problemsOf(() => resolvePolicy('sync', wrong))).toEqual(['toHost.ingresses.enabled: has the wrong type']);
  });

  it('is told by the path of what it says about its cluster', () => {
    const wrong = { cluster: { name: 'Team A', space: 'x' } } as unknown as { cluster: { name: string } };
    expect(problemsOf(() => resolvePolicy('sync', wrong))).toEqual(['cluster.space: is not a known field']);
    expect(problemsOf(() => resolvePolicy('sync', { cluster: { name: 'Team A' } }))[0]).toMatch(/^cluster.name: /);
  });

  it('cannot declare a scheduler of the virtual cluster', () => {
    const wrong = { cluster, mode: 'all', scheduling: { by: 'own' } } as unknown as {
      cluster: { name: string };
      mode: 'all';
    };
    expect(problemsOf(() => resolvePolicy('nodes', wrong))).toEqual([
      'scheduling.by: takes a container of the control plane, which a policy cannot declare',
    ]);
  });
});
