import * as fc from 'fast-check';
import type { NetworkPolicyPeer, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { hostLabelKey, hostNamespaceLabelKey, LABELS } from '../../../lib/contract';
import type { VirtualClusterOptions } from '../../../lib/spec';
import { hostLabels, hostNamespaceLabels } from '../../../syncer/engine/metadata';
import { hostNamespaceOf } from '../../../syncer/engine/placement';
import type { ClusterContext } from '../../../syncer/engine/types';
import { type NetworkPolicy, networkPolicyChanges, toHostNetworkPolicy } from '../../../syncer/network/network-policy';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';
import { type Connection, isAllowed, type PolicyPod, type PolicyWorld } from './policy-evaluator';

const APP = hostLabelKey('app', 'my-vcluster');
const TEAM = hostNamespaceLabelKey('team', 'my-vcluster');
const OURS = { [LABELS.managedBy]: 'my-vcluster' };
const SHOP = { ...OURS, [LABELS.namespace]: 'shop' };

/** Policies as they are where isolation leaves the network alone. */
const contextOf = (options: VirtualClusterOptions = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ isolation: { network: { enforce: false } }, ...options }),
});

const policy = (spec: NetworkPolicySpec): NetworkPolicy => ({
  metadata: { name: 'deny', namespace: 'shop', uid: 'u1' },
  spec,
});

function specOf(spec: NetworkPolicySpec, ctx: ClusterContext = contextOf()): NetworkPolicySpec {
  const translation = toHostNetworkPolicy(policy(spec), ctx);
  if (translation.kind !== 'object' || translation.object.spec === undefined) throw new Error('not translated');
  return translation.object.spec;
}

describe('a network policy on the host', () => {
  it.each<[what: string, selector: NetworkPolicySpec['podSelector'], host: object]>([
    ['selects the pods of its namespace where it selects all', {}, { matchLabels: SHOP }],
    [
      'selects by the labels that pods have on the host',
      { matchLabels: { app: 'web' } },
      { matchLabels: { [APP]: 'web', ...SHOP } },
    ],
    [
      'keeps expressions',
      { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] },
      { matchLabels: SHOP, matchExpressions: [{ key: APP, operator: 'NotIn', values: ['db'] }] },
    ],
  ])('%s', (_what, podSelector, host) => {
    expect(specOf({ podSelector }).podSelector).toEqual(host);
  });

  it.each<[what: string, peer: NetworkPolicyPeer, host: NetworkPolicyPeer]>([
    [
      'pods of its own namespace',
      { podSelector: { matchLabels: { app: 'web' } } },
      { podSelector: { matchLabels: { [APP]: 'web', ...SHOP } } },
    ],
    [
      'namespaces by label, as the labels of their pods',
      { namespaceSelector: { matchLabels: { team: 'a' } } },
      { podSelector: { matchLabels: { [TEAM]: 'a', ...OURS } } },
    ],
    ['every namespace, as all pods of this cluster', { namespaceSelector: {} }, { podSelector: { matchLabels: OURS } }],
    [
      'both',
      {
        namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
        podSelector: { matchLabels: { app: 'web' } },
      },
      {
        podSelector: {
          matchLabels: { [APP]: 'web', ...OURS },
          matchExpressions: [{ key: TEAM, operator: 'Exists' }],
        },
      },
    ],
    [
      'addresses',
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    ],
  ])('has as its peers: %s', (_what, peer, host) => {
    const spec = specOf({ podSelector: {}, ingress: [{ from: [peer] }], egress: [{ to: [peer] }] });
    expect(spec.ingress).toEqual([{ from: [host] }]);
    expect(spec.egress).toEqual([{ to: [host] }]);
  });

  it('keeps types, rules without peers, numbered and named ports and ranges of them', () => {
    const ports = [{ port: 80 }, { port: 'http', protocol: 'TCP' }, { port: 8000, endPort: 8010, protocol: 'UDP' }];
    const spec = specOf({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ ports }], egress: [{}] });
    expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], ingress: [{ ports }], egress: [{}] });
    expect(specOf({ podSelector: {}, policyTypes: ['Ingress'] })).not.toHaveProperty('ingress');
  });

  it('reaches over host namespaces where the virtual ones have such of their own', () => {
    const ctx = contextOf({ namespaces: { mode: 'mapped', mappings: [{ virtual: '*', host: 'mine-*' }] } });
    const translation = toHostNetworkPolicy(
      policy({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }),
      ctx,
    );
    const ours = { ...OURS, [LABELS.scope]: 'vcluster-my-vcluster-x-my-vcluster' };
    expect(translation).toMatchObject({
      object: {
        metadata: { namespace: 'mine-shop', name: 'deny' },
        spec: {
          podSelector: { matchLabels: { ...ours, [LABELS.namespace]: 'shop' } },
          ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: ours } }] }],
        },
      },
    });
  });

  const toDns: NetworkPolicySpec = {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
        ports: [{ port: 53, protocol: 'UDP' }],
      },
    ],
  };

  it('lets pods ask the DNS pods of the cluster by the label that they have everywhere', () => {
    expect(specOf(toDns).egress).toEqual([
      {
        to: [
          {
            podSelector: {
              matchLabels: {
                ...OURS,
                [hostLabelKey('k8s-app', 'my-vcluster')]: 'kube-dns',
                [hostNamespaceLabelKey('kubernetes.io/metadata.name', 'my-vcluster')]: 'kube-system',
              },
            },
          },
        ],
        ports: [{ port: 53, protocol: 'UDP' }],
      },
    ]);
  });

  const embedded: ClusterContext = {
    ...contextOf(),
    config: { ...ARTICLE.config, dns: { mode: 'embedded', forwardToHost: false, names: [], upstream: [] } },
    labelsOfNamespace: () => ({ 'kubernetes.io/metadata.name': 'kube-system' }),
  };

  it('lets them ask the control plane where that answers DNS, on the port of DNS alone', () => {
    expect(specOf(toDns, embedded).egress?.slice(1)).toEqual([
      {
        to: [{ podSelector: { matchLabels: { app: 'vcluster', release: 'my-vcluster' } } }],
        ports: [{ port: 53, protocol: 'UDP' }],
      },
    ]);
  });

  it.each<[what: string, egress: NetworkPolicySpec['egress']]>([
    ['mean other pods', [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }] }]],
    ['mean other namespaces', [{ to: [{ podSelector: {} }] }]],
    ['mean other ports', [{ to: [{ namespaceSelector: {} }], ports: [{ port: 80 }] }]],
    ['mean addresses', [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }]],
    ['mean everything, which needs nothing added', [{}]],
  ])('adds nothing for rules that %s', (_what, egress = []) => {
    expect(specOf({ podSelector: {}, egress }, embedded).egress).toHaveLength(egress.length);
  });

  it('is written only when it differs, defaults of the API aside', () => {
    const spec: NetworkPolicySpec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] };
    const translation = toHostNetworkPolicy(policy(spec), contextOf());
    if (translation.kind !== 'object') throw new Error('not translated');
    const desired = translation.object;
    const stored = { ...desired, spec: { ...specOf(spec), ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] } };
    expect(networkPolicyChanges(desired, stored)).toEqual([]);
    const open = { ...stored, spec: { ...stored.spec, ingress: [{}] } };
    expect(networkPolicyChanges(desired, open)).toMatchObject([
      { kind: 'patch', patch: { spec: { ingress: expect.any(Array) } } },
    ]);
    const widened = { ...stored, spec: { ...stored.spec, podSelector: {} } };
    expect(networkPolicyChanges(desired, widened)).toMatchObject([
      { patch: { spec: { podSelector: { matchLabels: SHOP } } } },
    ]);
  });
});

const NAMESPACES = { shop: { team: 'a' }, bank: { team: 'b', tier: 'x' }, plain: {} };
const labels = fc.dictionary(fc.constantFrom('app', 'team', 'tier'), fc.constantFrom('a', 'b'), {
  maxKeys: 3,
  noNullPrototype: true,
});
const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'team', 'tier'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.subarray(['a', 'b'], { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom('app', 'team', 'tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.constantFrom<NetworkPolicyPeer>(
    { ipBlock: { cidr: '10.0.0.0/29' } },
    { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/30'] } },
  ),
);
const port = fc.constantFrom<object>(
  { port: 80 },
  { port: 'http' },
  { port: 'dns', protocol: 'UDP' },
  { port: 79, endPort: 90 },
  { protocol: 'UDP' },
);
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const policySpec: fc.Arbitrary<NetworkPolicySpec> = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
    ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
    egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);
const world = fc
  .record({
    pods: fc.array(fc.record({ namespace: fc.constantFrom('shop', 'bank', 'plain'), labels }), {
      minLength: 2,
      maxLength: 6,
    }),
    policies: fc.array(fc.record({ namespace: fc.constantFrom('shop', 'bank', 'plain'), spec: policySpec }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(
    ({ pods, policies }): PolicyWorld => ({
      namespaces: NAMESPACES,
      policies,
      pods: pods.map((one, index) => ({
        ...one,
        name: `p${index}`,
        ip: `10.0.0.${index}`,
        ports: [
          { name: 'http', containerPort: 80, protocol: 'TCP' },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
        ],
      })),
    }),
  );

/** The host as it is with this cluster's pods and policies in it, and pods of others beside them. */
function hostOf(virtual: PolicyWorld, ctx: ClusterContext): PolicyWorld {
  const own = virtual.pods.map((one) => ({
    ...one,
    namespace: hostNamespaceOf(one.namespace, ctx),
    labels: {
      ...hostLabels(one.labels, one.namespace, ctx),
      ...hostNamespaceLabels(virtual.namespaces[one.namespace] ?? {}, ctx),
    },
  }));
  const policies = virtual.policies.map(({ namespace, spec }, index) => {
    const translation = toHostNetworkPolicy(
      { metadata: { name: `n${index}`, namespace, uid: `u${index}` }, spec },
      ctx,
    );
    if (translation.kind !== 'object' || translation.object.spec === undefined) throw new Error('not translated');
    return { namespace: translation.object.metadata.namespace ?? '', spec: translation.object.spec };
  });
  return { namespaces: {}, pods: [...own, ...strangers(ctx)], policies };
}

/** Another virtual cluster's pod in the same host namespace, one without any label, and one elsewhere on the host. */
function strangers(ctx: ClusterContext): readonly PolicyPod[] {
  const open = { ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] };
  const other: ClusterContext = { ...ctx, cluster: 'other' };
  return [
    {
      ...open,
      name: 's1',
      namespace: ctx.hostNamespace,
      ip: '10.9.0.1',
      labels: hostLabels({ app: 'a' }, 'shop', other),
    },
    { ...open, name: 's2', namespace: ctx.hostNamespace, ip: '10.9.0.2', labels: { app: 'a', team: 'a' } },
    { ...open, name: 's3', namespace: 'default', ip: '10.9.0.3', labels: { app: 'a' } },
  ];
}

const PROBES = [
  { port: 80, protocol: 'TCP' },
  { port: 85, protocol: 'TCP' },
  { port: 53, protocol: 'UDP' },
] as const;

describe.each<[mode: string, options: VirtualClusterOptions]>([
  ['in one host namespace', {}],
  ['in host namespaces of their own', { namespaces: { mode: 'mapped', mappings: [{ virtual: '*', host: 'mine-*' }] } }],
])('whatever policies tenants write, %s', (_mode, options) => {
  const ctx = contextOf(options);

  it('the same connections are allowed among the pods of the cluster, and to and from outside', () => {
    fc.assert(
      fc.property(world, (virtual) => {
        const host = hostOf(virtual, ctx);
        const ends: (number | string)[] = [...virtual.pods.keys(), '8.8.8.8'];
        for (const from of ends) {
          for (const to of ends) {
            for (const probe of PROBES) {
              const on = ({ pods }: PolicyWorld): Connection => ({
                ...probe,
                from: endOf(from, pods),
                to: endOf(to, pods),
              });
              if (isAllowed(virtual, on(virtual)) !== isAllowed(host, on(host))) {
                throw new Error(
                  `${from} to ${to}:${probe.port}: ${isAllowed(virtual, on(virtual))} in the virtual cluster`,
                );
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('no policy applies to a pod of anybody else, and no selector lets one in', () => {
    fc.assert(
      fc.property(world, (virtual) => {
        const host = hostOf(virtual, ctx);
        const alien = strangers(ctx);
        const isolated = virtual.pods.filter((one) => !isAllowed(virtual, { ...PROBES[0], from: '9.9.9.9', to: one }));
        for (const stranger of alien) {
          for (const other of alien) expect(isAllowed(host, { ...PROBES[0], from: stranger, to: other })).toBe(true);
          // What keeps an address of the world out keeps the stranger out, whose address no generated block tells from it.
          for (const one of isolated) {
            const to = host.pods.find(({ name }) => name === one.name);
            if (to !== undefined) expect(isAllowed(host, { ...PROBES[0], from: stranger, to })).toBe(false);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

function endOf(end: number | string, pods: readonly PolicyPod[]): PolicyPod | string {
  const found = typeof end === 'number' ? pods[end] : end;
  if (found === undefined) throw new Error(`there is no pod ${end}`);
  return found;
}
