import { resolveSpec, type SpecError, type SyncOptions, type VirtualClusterSpec } from '../../../lib';

/** What is wrong with a declaration, as `path: message (allowed)`. */
function issues(sync: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'team-a', sync } as VirtualClusterSpec);
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message, allowed }) => `${path}: ${message} (${allowed})`);
  }
}

const resolved = (sync: SyncOptions) => resolveSpec({ name: 'team-a', sync }).sections.sync;

describe('what crosses', () => {
  it('is switched on by a selector alone', () => {
    const { runtimeClasses } = resolved({ fromHost: { runtimeClasses: { selector: { names: ['gvisor'] } } } }).fromHost;
    expect(runtimeClasses).toEqual({ enabled: true, selector: { names: ['gvisor'] } });
  });

  it('gives tenants no power to evict others unless that is asked for', () => {
    expect(resolved({ toHost: { priorityClasses: { enabled: true } } }).toHost.priorityClasses).toEqual({
      enabled: true,
      maxValue: 1_000_000_000,
      preemption: false,
    });
  });

  it.each<[string, unknown, readonly string[]]>([
    [
      'a kind in both directions',
      {
        toHost: { priorityClasses: { enabled: true } },
        fromHost: { priorityClasses: { selector: { names: ['low'] } } },
      },
      ['sync.fromHost.priorityClasses: is switched on in both directions (priorityClasses in toHost or in fromHost)'],
    ],
    [
      'a value beyond what Kubernetes allows',
      { toHost: { priorityClasses: { maxValue: 2_000_000_000 } } },
      ['sync.toHost.priorityClasses.maxValue: is not such a number (a whole number from -1000000000 to 1000000000)'],
    ],
    [
      'a selector without names',
      { fromHost: { runtimeClasses: { selector: { names: [] } } } },
      ['sync.fromHost.runtimeClasses.selector.names: must name at least one object (undefined)'],
    ],
    [
      'an operator without values',
      { fromHost: { runtimeClasses: { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } } },
      ['sync.fromHost.runtimeClasses.selector.matchExpressions[0].values: is missing (a list)'],
    ],
  ])('refuses %s', (_what, sync, expected) => {
    expect(issues(sync)).toEqual(expected);
  });

  it('refuses kinds that nobody knows', () => {
    expect(issues({ toHost: { ingress: { enabled: true } } })[0]).toContain(
      'sync.toHost.ingress: is not a known field',
    );
  });
});
