import { parseSpec, SpecError, type SpecIssue } from '../../../lib';
import { syncerRights } from '../../../lib/manifests/rights';
import { resolveSpec, type SyncOptions, type VirtualClusterOptions } from '../../../lib/spec';

const kindsOf = (sync: SyncOptions) => resolveSpec({ name: 'a', sync }).sections.sync.toHost.gatewayApi;

const NONE = {
  gateways: false,
  httpRoutes: false,
  grpcRoutes: false,
  tlsRoutes: false,
  backendTlsPolicies: false,
  referenceGrants: false,
};
const ALL = {
  gateways: true,
  httpRoutes: true,
  grpcRoutes: true,
  tlsRoutes: true,
  backendTlsPolicies: true,
  referenceGrants: true,
};

describe('what a declaration says about traffic', () => {
  it.each<[what: string, gatewayApi: NonNullable<SyncOptions['toHost']>['gatewayApi'], expected: object]>([
    ['nothing', undefined, NONE],
    ['the whole Gateway API', { enabled: true }, ALL],
    ['all but a kind', { enabled: true, tlsRoutes: false, grpcRoutes: 'auto' }, { ...ALL, tlsRoutes: false }],
    ['some kinds alone', { gateways: true, httpRoutes: true }, { ...NONE, gateways: true, httpRoutes: true }],
    ['that it is off', { enabled: false, httpRoutes: 'auto' }, NONE],
  ])('is taken as meant: %s', (_what, gatewayApi, expected) => {
    expect(kindsOf({ toHost: gatewayApi === undefined ? {} : { gatewayApi } })).toEqual(expected);
  });

  it.each<[what: string, sync: object, issue: Partial<SpecIssue>]>([
    [
      'a switch that is none',
      { toHost: { gatewayApi: { httpRoutes: 'yes' } } },
      { path: 'sync.toHost.gatewayApi.httpRoutes', value: 'yes', allowed: 'true, false, auto' },
    ],
    [
      'a kind that is on while all are off',
      { toHost: { gatewayApi: { enabled: false, gateways: true } } },
      { path: 'sync.toHost.gatewayApi.gateways', value: true, allowed: "false or 'auto'" },
    ],
    [
      'an unknown kind',
      { toHost: { gatewayApi: { httpRoute: true } } },
      { path: 'sync.toHost.gatewayApi.httpRoute', hint: 'did you mean "httpRoutes"?' },
    ],
    [
      'a text for a switch',
      { toHost: { ingresses: { enabled: 'auto' } } },
      { path: 'sync.toHost.ingresses.enabled', value: 'auto', allowed: 'true or false' },
    ],
    [
      'a selector of classes that selects nothing',
      { fromHost: { ingressClasses: { selector: { names: [] } } } },
      { path: 'sync.fromHost.ingressClasses.selector.names' },
    ],
    [
      'annotations with configuration of the controller',
      { annotations: { toHost: { ingresses: ['nginx.ingress.kubernetes.io/server-snippet'] } } },
      {
        path: 'sync.annotations.toHost.ingresses[0]',
        value: 'nginx.ingress.kubernetes.io/server-snippet',
        hint: 'this key is reserved and never crosses',
      },
    ],
  ])('is refused: %s', (_what, sync, issue) => {
    expect(issuesOf({ name: 'a', sync })).toEqual([expect.objectContaining(issue)]);
  });

  it.each<
    [what: string, options: VirtualClusterOptions, namespaced: readonly string[], clusterWide: readonly string[]]
  >([
    ['nothing', {}, [], []],
    ['Ingresses', { sync: { toHost: { ingresses: { enabled: true } } } }, ['ingresses'], []],
    ['policies', { sync: { toHost: { networkPolicies: { enabled: true } } } }, ['networkpolicies'], []],
    [
      'the Gateway API, whose grants stay inside',
      { sync: { toHost: { gatewayApi: { enabled: true } } } },
      ['gateways', 'httproutes', 'grpcroutes', 'tlsroutes', 'backendtlspolicies'],
      [],
    ],
    [
      'classes',
      { sync: { fromHost: { ingressClasses: { enabled: true }, gatewayClasses: { enabled: true } } } },
      [],
      ['ingressclasses', 'gatewayclasses'],
    ],
  ])('takes no more rights than it needs: %s', (_what, options, namespaced, clusterWide) => {
    const rights = syncerRights(resolveSpec({ name: 'a', ...options }));
    const about = (list: (typeof rights)['namespaced']) =>
      list.filter(({ group }) => group.endsWith('networking.k8s.io')).map(({ resource }) => resource);
    expect(about(rights.namespaced)).toEqual(namespaced);
    expect(about(rights.clusterWide)).toEqual(clusterWide);
  });
});

function issuesOf(input: unknown): readonly SpecIssue[] {
  try {
    parseSpec(input);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}
