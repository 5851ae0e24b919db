import { type CustomResourcesOptions, resolveSpec, SpecError } from '../../../lib';
import { syncerRights } from '../../../lib/manifests/rights';

const CERTIFICATES = { definition: 'certificates.cert-manager.io', version: 'v1', kind: 'Certificate' } as const;
const ISSUERS = { definition: 'issuers.cert-manager.io', version: 'v1', kind: 'Issuer' } as const;
const BUNDLES = { definition: 'bundles.trust.cert-manager.io', version: 'v1alpha1', kind: 'Bundle' } as const;

/** What is wrong with a declaration, a line each. */
function wrongs(customResources: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'a', customResources: customResources as CustomResourcesOptions });
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

const toHost = (more: object) => ({ toHost: [{ ...CERTIFICATES, ...more }] });
const mapping = (from: object, to: object) => ({
  fromHost: [{ ...BUNDLES, scope: 'namespaced', mappings: [{ from, to }] }],
});

describe('the declaration of custom resources', () => {
  it('is filled in', () => {
    const { sections } = resolveSpec({
      name: 'a',
      customResources: {
        toHost: [{ ...CERTIFICATES, references: [{ path: 'spec.secretName', kind: 'secrets' }] }],
        fromHost: [{ ...BUNDLES, scope: 'cluster' }],
      },
    });
    expect(sections['custom-resources']).toEqual({
      version: 1,
      toHost: [
        {
          group: 'cert-manager.io',
          version: 'v1',
          plural: 'certificates',
          kind: 'Certificate',
          fields: ['spec'],
          references: [{ path: 'spec.secretName', kind: 'secrets' }],
          selectors: [],
          labels: [],
          annotations: { toHost: [], toVirtual: [] },
        },
      ],
      fromHost: [
        {
          group: 'trust.cert-manager.io',
          version: 'v1alpha1',
          plural: 'bundles',
          kind: 'Bundle',
          fields: ['spec'],
          annotations: [],
          selector: {},
          scope: 'cluster',
        },
      ],
      patches: [],
    });
  });

  it.each([
    [
      'a kind that is no custom one',
      toHost({ definition: 'deployments.apps' }),
      'toHost[0].definition ("deployments.apps"): is not a custom kind',
    ],
    ['a kind of Kubernetes itself', toHost({ definition: 'roles.rbac.authorization.k8s.io' }), 'is not a custom kind'],
    [
      'a kind that has its own switch',
      toHost({ definition: 'httproutes.gateway.networking.k8s.io' }),
      'use sync.toHost.gatewayApi',
    ],
    ['no definition', toHost({ definition: undefined }), 'toHost[0].definition: is missing'],
    [
      'a reference without a path',
      toHost({ references: [{ kind: 'secrets' }] }),
      'toHost[0].references[0].path: is missing',
    ],
    [
      'a reference without a kind',
      toHost({ references: [{ path: 'spec.a' }] }),
      'toHost[0].references[0].kind: is missing',
    ],
    ['no version', toHost({ version: undefined }), 'toHost[0].version: is missing'],
    ['a version that is none', toHost({ version: 'cert-manager.io/v1' }), 'allowed: a version such as v1'],
    ['a plural as kind', toHost({ kind: 'certificates' }), 'allowed: a kind as objects state it'],
    ['metadata as a field', toHost({ fields: ['metadata'] }), 'toHost[0].fields[0] ("metadata"): cannot be copied'],
    ['a path that is none', toHost({ selectors: ['spec..a'] }), 'toHost[0].selectors[0] ("spec..a"): is not a path'],
    [
      'a path beside the copied fields',
      toHost({ labels: ['data.labels'] }),
      'is not in a field that is copied; allowed: spec, status',
    ],
    [
      'a kind that can’t be named',
      toHost({ references: [{ path: 'spec.a', kind: 'nodes' }] }),
      'is not a kind that can be named; allowed: secrets',
    ],
    [
      'a custom kind that is not copied',
      toHost({ references: [{ path: 'spec.a', kind: 'issuers.cert-manager.io' }] }),
      'is a kind that is not copied to the host',
    ],
    [
      'a namespace of other elements',
      toHost({ references: [{ path: 'spec.a[*].name', kind: 'secrets', namespacePath: 'spec.b[*].namespace' }] }),
      'references[0].namespacePath ("spec.b[*].namespace"): speaks of other elements than path',
    ],
    [
      'a path twice',
      toHost({
        references: [
          { path: 'spec.a', kind: 'secrets' },
          { path: 'spec.a', kind: 'configMaps' },
        ],
      }),
      'toHost[0].references[1].path ("spec.a"): is declared twice',
    ],
    [
      'a kind twice',
      { toHost: [CERTIFICATES, CERTIFICATES] },
      'toHost[1].definition ("certificates.cert-manager.io"): is declared twice',
    ],
    [
      'a kind in both directions',
      { toHost: [CERTIFICATES], fromHost: [{ ...CERTIFICATES, scope: 'cluster' }] },
      'fromHost[0].definition ("certificates.cert-manager.io"): is copied to the host already',
    ],
    [
      'no scope',
      { fromHost: [BUNDLES] },
      'customResources.fromHost[0].scope: is missing; allowed: cluster, namespaced',
    ],
    [
      'mappings of a cluster-scoped kind',
      { fromHost: [{ ...BUNDLES, scope: 'cluster', mappings: [] }] },
      'mappings: is not a known field',
    ],
    [
      'no mappings',
      { fromHost: [{ ...BUNDLES, scope: 'namespaced', mappings: [] }] },
      'must map at least one namespace',
    ],
    [
      'a namespace to an object',
      mapping({ namespace: 'a' }, { namespace: 'b', name: 'c' }),
      'maps a namespace to an object',
    ],
    ['a name that is none', mapping({ namespace: 'A' }, { namespace: 'b' }), 'did you mean "a"?'],
    [
      'two sources of one namespace',
      {
        fromHost: [
          {
            ...BUNDLES,
            scope: 'namespaced',
            mappings: [
              { from: { namespace: 'a' }, to: { namespace: 'c' } },
              { from: { namespace: 'b', name: 'x' }, to: { namespace: 'c', name: 'x' } },
            ],
          },
        ],
      },
      'mappings[1].to: overlaps with another mapping',
    ],
  ])('is wrong with %s', (_, declared, expected) => {
    expect(wrongs(declared)[0]).toContain(expected);
    expect(wrongs(declared)).toHaveLength(1);
  });

  it('lets two references share a path when they are told apart', () => {
    const references = [
      { path: 'spec.ref.name', kind: 'secrets', when: { path: 'spec.ref.kind', is: ['Secret'] } },
      { path: 'spec.ref.name', kind: 'configMaps', when: { path: 'spec.ref.kind', is: ['ConfigMap'] } },
    ];
    expect(wrongs(toHost({ references }))).toEqual([]);
  });
});

describe('the rights that custom resources take', () => {
  it('are none when there are none', () => {
    const { clusterWide } = syncerRights(resolveSpec({ name: 'a' }));
    expect(clusterWide.filter(({ group }) => group === 'apiextensions.k8s.io')).toEqual([]);
  });

  it('name each definition, and the verbs of each direction', () => {
    const rights = syncerRights(
      resolveSpec({
        name: 'a',
        customResources: {
          toHost: [CERTIFICATES],
          fromHost: [
            { ...ISSUERS, definition: 'clusterissuers.cert-manager.io', kind: 'ClusterIssuer', scope: 'cluster' },
            {
              ...BUNDLES,
              scope: 'namespaced',
              mappings: [
                { from: { namespace: 'platform' }, to: { namespace: 'shared' } },
                { from: { namespace: 'other', name: 'one' }, to: { namespace: 'shop', name: 'one' } },
                { from: { namespace: 'vcluster-a' }, to: { namespace: 'mine' } },
              ],
            },
          ],
        },
      }),
    );
    const READ = ['get', 'list', 'watch'];
    const custom = (list: readonly { readonly group: string }[]) =>
      list.filter(({ group }) => group.endsWith('cert-manager.io'));
    expect(rights.clusterWide).toEqual(
      expect.arrayContaining([
        {
          group: 'apiextensions.k8s.io',
          resource: 'customresourcedefinitions',
          verbs: ['list', 'watch'],
          names: ['certificates.cert-manager.io', 'clusterissuers.cert-manager.io', 'bundles.trust.cert-manager.io'],
        },
        { group: 'cert-manager.io', resource: 'clusterissuers', verbs: READ },
      ]),
    );
    expect(custom(rights.namespaced)).toEqual([
      { group: 'cert-manager.io', resource: 'certificates', verbs: [...READ, 'create', 'patch', 'delete'] },
      { group: 'trust.cert-manager.io', resource: 'bundles', verbs: READ },
    ]);
    expect(rights.inNamespaces).toEqual({
      platform: [{ group: 'trust.cert-manager.io', resource: 'bundles', verbs: READ }],
      other: [{ group: 'trust.cert-manager.io', resource: 'bundles', verbs: READ, names: ['one'] }],
    });
  });
});
