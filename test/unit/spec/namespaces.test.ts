import type { ClusterRole } from 'kubernetes-types/rbac/v1';
import { generate, type NamespacesOptions, resolveSpec, type SpecError } from '../../../lib';

function issues(namespaces: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'team-a', namespaces: namespaces as NamespacesOptions });
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('where namespaces lie', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a mode that nobody knows', { mode: 'many' }, ['namespaces.mode: is not one of the choices']],
    ['rules in a mode without them', { mode: 'single', mappings: [] }, ['namespaces.mappings: is not a known field']],
    [
      'a mode of rules without any',
      { mode: 'mapped', mappings: [] },
      ['namespaces.mappings: must have at least one rule'],
    ],
    [
      'a rule that is a pattern on one side',
      { mode: 'mapped', mappings: [{ virtual: 'a-*', host: 'b' }] },
      ['namespaces.mappings[0].host: does not fit to virtual'],
    ],
    [
      'a rule by which tenants could name any namespace of the host',
      { mode: 'mapped', mappings: [{ virtual: '*', host: '*' }] },
      ['namespaces.mappings[0].host: could be anybody’s namespace'],
    ],
    [
      'the namespace in which the keys of the control plane lie',
      { mode: 'mapped', mappings: [{ virtual: 'a', host: 'vcluster-team-a' }] },
      ['namespaces.mappings[0].host: holds the control plane'],
    ],
    ['such a pattern of all', { mode: 'perNamespace', hostPattern: 'a*' }, ['namespaces.hostPattern: is not valid']],
    [
      'two rules for one',
      {
        mode: 'mapped',
        mappings: [
          { virtual: 'a', host: 'x' },
          { virtual: 'a', host: 'y' },
        ],
      },
      ['namespaces.mappings[1].virtual: stands in another rule too'],
    ],
  ])('refuses %s', (_what, namespaces, expected) => {
    expect(issues(namespaces)).toEqual(expected);
  });

  it('takes rights in the whole host only where host namespaces are made', () => {
    const roleOf = (namespaces: NamespacesOptions) =>
      generate(resolveSpec({ name: 'team-a', namespaces })).find(({ slot }) => slot === 'rbac/cluster-role')?.object;
    expect(roleOf({ mode: 'single' })).toBeUndefined();
    const rules = (roleOf({ mode: 'perNamespace' }) as unknown as ClusterRole).rules ?? [];
    const resources = rules.flatMap(({ resources: named = [] }) => named);
    expect(resources).toEqual(expect.arrayContaining(['namespaces', 'pods', 'services', 'secrets']));
    expect(resources).not.toContain('leases');
  });
});
