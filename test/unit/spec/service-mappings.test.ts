import type { Role } from 'kubernetes-types/rbac/v1';
import { generate, resolveSpec, type ServiceMappingsOptions, type SpecError } from '../../../lib';

const web = { namespace: 'default', name: 'web' };

function issues(serviceMappings: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'team-a', serviceMappings: serviceMappings as ServiceMappingsOptions });
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('Services by name', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'two of one name on the host',
      {
        toHost: [
          { virtual: web, host: { name: 'shop' } },
          { virtual: { ...web, name: 'api' }, host: { name: 'shop' } },
        ],
      },
      ['serviceMappings.toHost[1].host: is the target of another mapping too'],
    ],
    [
      'the API of the virtual cluster as a name',
      { fromHost: [{ virtual: { namespace: 'default', name: 'kubernetes' }, host: { name: 'db' } }] },
      ['serviceMappings.fromHost[0].virtual: is a Service that every cluster has'],
    ],
    [
      'a name that is none',
      { fromHost: [{ virtual: web, host: { namespace: 'Shared DBs', name: 'db' } }] },
      ['serviceMappings.fromHost[0].host.namespace: is not valid'],
    ],
  ])('refuse %s', (_what, mappings, expected) => {
    expect(issues(mappings)).toEqual(expected);
  });

  it('need no right outside of their own namespace while they stay in it', () => {
    const slots = generate(
      resolveSpec({ name: 'team-a', serviceMappings: { toHost: [{ virtual: web, host: { name: 'shop' } }] } }),
    ).map(({ slot }) => slot);
    expect(slots.filter((slot) => slot.startsWith('rbac/'))).toEqual([
      'rbac/service-account',
      'rbac/workload-service-account',
      'rbac/role',
      'rbac/role-binding',
    ]);
  });

  it('may only be looked at where they come from another namespace', () => {
    const role = generate(
      resolveSpec({
        name: 'team-a',
        serviceMappings: { fromHost: [{ virtual: web, host: { namespace: 'shared', name: 'db' } }] },
      }),
    ).find(({ slot }) => slot === 'rbac/role-in-shared')?.object;
    expect(role?.metadata).toMatchObject({ namespace: 'shared', name: 'vc-team-a-v-vcluster-team-a' });
    expect((role as unknown as Role).rules?.flatMap(({ verbs }) => verbs)).toEqual(
      ['services', 'endpointslices'].flatMap(() => ['get', 'list', 'watch']),
    );
  });
});
