import { resolveSpec, type SpecError, type SyncOptions, type VirtualClusterSpec } from '../../../lib';

/** What is wrong with a declaration, as `path: message`. */
function issues(sync: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'team-a', sync } as VirtualClusterSpec);
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

const resolved = (sync: SyncOptions = {}) => resolveSpec({ name: 'team-a', sync }).sections.sync;
const pods = (options: object) => ({ toHost: { pods: options } });

describe('what becomes of pods', () => {
  it('is nothing special by default', () => {
    expect(resolved().toHost.pods).toEqual({
      translateImages: {},
      enforceTolerations: [],
      enforceNodeSelector: {},
      priorityClasses: { allowed: [] },
      runtimeClasses: { allowed: [] },
      rewriteHosts: { enabled: true },
      serviceLinks: true,
    });
  });

  it.each<[string, object, string]>([
    [
      'an address as image',
      { translateImages: { 'https://a.com': 'b.com' } },
      '.translateImages["https://a.com"]: is not the beginning of images',
    ],
    ['a tag as target', { translateImages: { 'a.com': 'b.com/x:1/y' } }, '.translateImages["a.com"]: is not valid'],
    ['an unknown effect', { enforceTolerations: ['pool:Never'] }, '.enforceTolerations[0]: is not valid'],
    ['a toleration of nothing', { enforceTolerations: [''] }, '.enforceTolerations[0]: is not valid'],
    ['a label value that is none', { enforceNodeSelector: { pool: 'a b' } }, '.enforceNodeSelector.pool: is not valid'],
    [
      'a label key that is none',
      { enforceNodeSelector: { 'a b': 'c' } },
      '.enforceNodeSelector["a b"]: is not a label or annotation key',
    ],
    [
      'a class that has no such name',
      { priorityClasses: { default: 'Low' } },
      '.priorityClasses.default: is not valid',
    ],
    [
      'classes that are no list',
      { runtimeClasses: { allowed: 'kata' } },
      '.runtimeClasses.allowed: has the wrong type',
    ],
    [
      'an amount that is none',
      { rewriteHosts: { resources: { limits: { memory: '64MB' } } } },
      '.rewriteHosts.resources.limits.memory: is not valid',
    ],
    ['links that are neither on nor off', { serviceLinks: 'yes' }, '.serviceLinks: has the wrong type'],
    ['a field that nobody knows', { translateImage: {} }, '.translateImage: is not a known field'],
  ])('can not be %s', (_what, options, expected) => {
    expect(issues(pods(options))).toEqual([`sync.toHost.pods${expected}`]);
  });
});

describe('which keys cross', () => {
  it('are few by default', () => {
    const { labels, annotations, namespaceLabels } = resolved();
    expect(labels.preserve).toEqual([]);
    expect(labels.hostOwned).toContain('sidecar.istio.io/*');
    expect(namespaceLabels).toEqual({ alsoOn: [] });
    expect(annotations.toHost.pods).toEqual([
      'cluster-autoscaler.kubernetes.io/safe-to-evict',
      'kubectl.kubernetes.io/default-container',
    ]);
    expect(annotations.toHost).not.toHaveProperty('services');
    expect(annotations.fromHost).toEqual({});
  });

  it('are those of a kind that are named, in place of its default', () => {
    const { toHost } = resolved({ annotations: { toHost: { pods: [], services: ['a.com/*'] } } }).annotations;
    expect(toHost).toMatchObject({ pods: [], services: ['a.com/*'] });
  });

  it.each<[string, object, string]>([
    ['a * in the middle', { labels: { preserve: ['a.com/*/x'] } }, 'sync.labels.preserve[0]: is not valid'],
    [
      'a reserved label',
      { labels: { preserve: ['vcluster.loft.sh/managed-by'] } },
      'sync.labels.preserve[0]: is not valid',
    ],
    ['the label of control planes', { labels: { preserve: ['release'] } }, 'sync.labels.preserve[0]: is not valid'],
    [
      'a reserved annotation',
      { annotations: { toHost: { pods: ['sublet.dev/*'] } } },
      'sync.annotations.toHost.pods[0]: is not valid',
    ],
    [
      'a cluster’s own books',
      { annotations: { fromHost: { secrets: ['kubectl.kubernetes.io/last-applied-configuration'] } } },
      'sync.annotations.fromHost.secrets[0]: is not valid',
    ],
    [
      'a kind that nobody knows',
      { annotations: { toHost: { deployments: ['*'] } } },
      'sync.annotations.toHost.deployments: is not a known field',
    ],
    [
      'such a kind for namespaces',
      { namespaceLabels: { alsoOn: ['nodes'] } },
      'sync.namespaceLabels.alsoOn[0]: is not one of the choices',
    ],
  ])('can not be %s', (_what, sync, expected) => {
    expect(issues(sync)).toEqual([expected]);
  });
});
