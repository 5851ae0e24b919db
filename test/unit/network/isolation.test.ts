import * as fc from 'fast-check';
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import type { NetworkOptions, NetworkRuleOptions, VirtualClusterOptions } from '../../../lib/spec';
import { isolatedHost, STRANGERS, type TenantPolicy } from './isolated-host';
import { type Connection, isAllowed, type PolicyPod, type PolicyWorld } from './policy-evaluator';

const HOST_RANGES = {
  nodes: ['10.1.0.0/24', 'fd10:1::/64'],
  pods: ['10.42.0.0/16', 'fd10:42::/64'],
  services: ['10.43.0.0/16', 'fd10:43::/108'],
};

/** Addresses that are no pods, each with whether a tenant may ever reach it. */
const ADDRESSES: { readonly [address: string]: 'never' | 'perhaps' } = {
  '10.1.0.5': 'never', // a node
  'fd10:1::5': 'never',
  '10.42.3.3': 'never', // a pod of the host that isn't known
  '10.43.0.1': 'never', // the API server's Service
  '169.254.169.254': 'never',
  '169.254.20.10': 'never',
  'fd00:ec2::254': 'never',
  'fe80::1': 'never',
  '168.63.129.16': 'never',
  '64:ff9b::a01:5': 'never', // the node, through NAT64
  '64:ff9b::a9fe:a9fe': 'never', // the metadata service, through NAT64
  '10.200.0.1': 'perhaps',
  '203.0.113.7': 'perhaps',
  '198.51.100.9': 'perhaps',
  '2001:db8::1': 'perhaps',
};

const own = (name: string, namespace: string, labels: PolicyPod['labels'], last: number): PolicyPod => ({
  name,
  namespace,
  labels,
  ip: `10.42.1.${last}`,
  ports: [],
});
const OWN = [
  own('web', 'shop', { app: 'a' }, 1),
  own('db', 'shop', { app: 'b' }, 2),
  own('ledger', 'bank', { app: 'a' }, 3),
];
const COREDNS = own('coredns', 'kube-system', { 'k8s-app': 'kube-dns' }, 9);
const NAMESPACES = { shop: { team: 'a' }, bank: { team: 'b' }, 'kube-system': {} };

const PROBES = [
  { port: 80, protocol: 'TCP' },
  { port: 443, protocol: 'TCP' },
  { port: 53, protocol: 'UDP' },
  { port: 8443, protocol: 'TCP' },
  { port: 10250, protocol: 'TCP' },
] as const;
type Probe = (typeof PROBES)[number];

const ports = fc.constantFrom<NetworkRuleOptions['ports']>(
  undefined,
  [{ port: 443 }],
  [{ port: 50, endPort: 90 }],
  [{ port: 53, protocol: 'UDP' }],
);
const peer = fc.constantFrom<NetworkRuleOptions>(
  { cidr: '0.0.0.0/0' },
  { cidr: '::/0' },
  { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] },
  { cidr: '10.0.0.0/8' },
  { cidr: '203.0.113.0/24' },
  { namespaceLabels: { 'kubernetes.io/metadata.name': 'ingress' }, podLabels: { app: 'controller' } },
  { podLabels: { app: 'web' } },
);
const rules = fc.array(
  fc.tuple(peer, ports).map(([one, open]): NetworkRuleOptions => ({ ...one, ...(open && { ports: open }) })),
  { maxLength: 2 },
);
const declarations = fc.record({
  egress: rules,
  ingress: rules,
  embedded: fc.boolean(),
  forwardToHost: fc.boolean(),
  mapped: fc.boolean(),
});
type Declaration = typeof declarations extends fc.Arbitrary<infer One> ? One : never;

function optionsOf({ egress, ingress, embedded, forwardToHost, mapped }: Declaration): VirtualClusterOptions {
  return {
    isolation: { network: { egress, ingress, hostRanges: HOST_RANGES } },
    dns: { mode: embedded ? 'embedded' : 'coredns', forwardToHost },
    sync: { toHost: { networkPolicies: { enabled: true } } },
    namespaces: mapped ? { mode: 'mapped', mappings: [{ virtual: '*', host: 'mine-*' }] } : { mode: 'single' },
  };
}

/** In plain words what a declared rule opens, without any of the code under test. */
function opens(rule: NetworkRuleOptions, other: PolicyPod | string, { port, protocol }: Probe, forbidsHost: boolean) {
  const open = rule.ports ?? [];
  const fits = open.some(
    (one) => (one.protocol ?? 'TCP') === protocol && one.port <= port && port <= (one.endPort ?? one.port),
  );
  if (open.length > 0 && !fits) return false;
  if (rule.cidr === undefined) {
    if (typeof other === 'string') return false;
    const namespace = rule.namespaceLabels?.['kubernetes.io/metadata.name'];
    return (namespace === undefined || namespace === other.namespace) && other.labels.app === rule.podLabels?.app;
  }
  const ip = typeof other === 'string' ? other : other.ip;
  if (forbidsHost && (typeof other !== 'string' || ADDRESSES[ip] === 'never')) return false;
  // A range lets nobody in from the host's pods.
  if (!forbidsHost && ip.startsWith('10.42.')) return false;
  if (rule.except?.[0]?.startsWith('203.') && ip.startsWith('203.')) return false;
  const isIpv6 = ip.includes(':');
  switch (rule.cidr) {
    case '::/0':
      return isIpv6;
    case '0.0.0.0/0':
      return !isIpv6;
    default:
      return ip.startsWith(rule.cidr.startsWith('10.') ? '10.' : '203.0.113.');
  }
}

function mayLeave(declared: Declaration, from: PolicyPod, to: PolicyPod | string, probe: Probe): boolean {
  const isDns = probe.port === 53;
  if (to === STRANGERS.controlPlane) return probe.port === 8443 || (isDns && declared.embedded);
  if (from.name === 'coredns' && to === STRANGERS.hostDns && isDns && declared.forwardToHost && !declared.embedded)
    return true;
  return declared.egress.some((rule) => opens(rule, to, probe, true));
}

function mayEnter(declared: Declaration, from: PolicyPod | string, probe: Probe): boolean {
  if (from === STRANGERS.controlPlane) return true;
  return declared.ingress.some((rule) => opens(rule, from, probe, false));
}

const selector = fc.constantFrom<NetworkPolicySpec['podSelector']>({}, { matchLabels: { app: 'a' } });
const tenantPeer = fc.constantFrom<NetworkPolicyPeer>(
  { podSelector: {} },
  { namespaceSelector: {} },
  { namespaceSelector: { matchLabels: { team: 'b' } } },
  { ipBlock: { cidr: '0.0.0.0/0' } },
  { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } },
  { ipBlock: { cidr: '169.254.0.0/16' } },
  { ipBlock: { cidr: '10.1.0.0/24' } },
  { ipBlock: { cidr: '203.0.0.0/16', except: ['203.0.113.0/28'] } },
  { ipBlock: { cidr: '2001:db8::/32' } },
);
const tenantPorts = fc.array(
  fc.constantFrom<NetworkPolicyPort>({ port: 80 }, { protocol: 'UDP' }, { port: 400, endPort: 500, protocol: 'TCP' }),
  { maxLength: 2 },
);
const tenantPeers = fc.array(tenantPeer, { maxLength: 2 });
const tenantPolicies: fc.Arbitrary<readonly TenantPolicy[]> = fc.array(
  fc.record({
    namespace: fc.constantFrom('shop', 'bank'),
    spec: fc.record({
      podSelector: selector,
      policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
      ingress: fc.array(fc.record({ from: tenantPeers, ports: tenantPorts }), { maxLength: 2 }),
      egress: fc.array(fc.record({ to: tenantPeers, ports: tenantPorts }), { maxLength: 2 }),
    }),
  }),
  { maxLength: 3 },
);

const inHost = (host: PolicyWorld, end: PolicyPod | string): PolicyPod | string =>
  typeof end === 'string' ? end : (host.pods.find(({ name }) => name === end.name) ?? end);
const nameOf = (end: PolicyPod | string) => (typeof end === 'string' ? end : end.name);
const ipOf = (end: PolicyPod | string) => (typeof end === 'string' ? end : end.ip);
const OTHERS: readonly (PolicyPod | string)[] = [...Object.values(STRANGERS), ...Object.keys(ADDRESSES)];

describe('with isolation, pods of a tenant', () => {
  it('reach each other, their API server, their DNS and what is declared, and nothing else, whatever policies they write', () => {
    fc.assert(
      fc.property(declarations, tenantPolicies, (declared, policies) => {
        const virtual: PolicyWorld = { namespaces: NAMESPACES, pods: [...OWN, COREDNS], policies };
        const host = isolatedHost(optionsOf(declared), virtual);
        const same = (connection: Connection, expected: boolean) => {
          const { from, to } = connection;
          const found = isAllowed(host, { ...connection, from: inHost(host, from), to: inHost(host, to) });
          if (found === expected) return;
          throw new Error(`${nameOf(from)} to ${nameOf(to)}:${connection.port} is ${found ? 'open' : 'closed'}`);
        };
        for (const probe of PROBES) {
          for (const pod of virtual.pods) {
            for (const other of virtual.pods) {
              const connection = { ...probe, from: pod, to: other };
              same(connection, isAllowed(virtual, connection));
            }
            for (const other of OTHERS) {
              // The tenant's policies know nothing but the address of what is not theirs.
              const asks = other === STRANGERS.hostDns && pod === COREDNS;
              const wanted = asks || isAllowed(virtual, { ...probe, from: pod, to: ipOf(other) });
              const leaves = wanted && mayLeave(declared, pod, other, probe);
              if (other === STRANGERS.controlPlane) {
                // Who may ask the DNS pods of the cluster may ask the control plane where that answers instead.
                const open = isAllowed(host, { ...probe, from: inHost(host, pod), to: other });
                if (open) expect(mayLeave(declared, pod, other, probe)).toBe(true);
              } else same({ ...probe, from: pod, to: other }, leaves);
              const isWanted = isAllowed(virtual, { ...probe, from: ipOf(other), to: pod });
              if (other === STRANGERS.controlPlane) continue;
              same({ ...probe, from: other, to: pod }, isWanted && mayEnter(declared, other, probe));
            }
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it('are closed to the whole host by default', () => {
    const host = isolatedHost({}, { namespaces: NAMESPACES, pods: [...OWN, COREDNS], policies: [] });
    const open = host.pods.flatMap((from) =>
      [...host.pods, ...Object.keys(ADDRESSES)].flatMap((to) =>
        PROBES.filter((probe) => isAllowed(host, { ...probe, from, to })).map(
          ({ port }) => `${from.name} -> ${nameOf(to)}:${port}`,
        ),
      ),
    );
    const ofTenant = open.filter(
      (line) => /^(web|db|ledger|coredns) /.test(line) && !/ (web|db|ledger|coredns):/.test(line),
    );
    expect([...new Set(ofTenant.map((line) => line.replace(/^\S+ /, '')))]).toEqual(['-> control-plane:8443']);
  });

  it('are let out as before where the network is not isolated', () => {
    const virtual = { namespaces: NAMESPACES, pods: OWN, policies: [] };
    const host = isolatedHost({ isolation: { network: { enforce: false } } }, virtual);
    expect(host.policies).toEqual([]);
    expect(isolatedHost({ isolation: { level: 'off' } }, virtual).policies).toEqual([]);
    expect(isolatedHost({ isolation: { level: 'privileged' } }, virtual).policies).not.toEqual([]);
  });
});

describe('with isolation, the control plane', () => {
  const reached = (network: NetworkOptions, to: PolicyPod | string): readonly number[] => {
    const host = isolatedHost({ isolation: { network } }, { namespaces: NAMESPACES, pods: OWN, policies: [] });
    const { controlPlane } = STRANGERS;
    return PROBES.filter((probe) => isAllowed(host, { ...probe, from: controlPlane, to: inHost(host, to) })).map(
      ({ port }) => port,
    );
  };

  it.each<[what: string, network: NetworkOptions, to: PolicyPod | string, ports: readonly number[]]>([
    ['calls webhooks of the tenant', {}, OWN[0] ?? '', [80, 443, 53, 8443, 10250]],
    ["asks the host's DNS", {}, STRANGERS.hostDns, [443, 53]],
    ["calls the host's API wherever that is", {}, '10.1.0.5', [443]],
    ['reaches no metadata service', {}, '169.254.169.254', []],
    ['reaches no metadata service over IPv6', {}, 'fd00:ec2::254', []],
    [
      "calls the host's API there where it is said to be",
      { hostRanges: { ...HOST_RANGES, api: ['10.1.0.0/28'] } },
      '10.1.0.5',
      [443],
    ],
    ['and then nowhere else', { hostRanges: { ...HOST_RANGES, api: ['10.1.0.0/28'] } }, '203.0.113.7', []],
    [
      'reaches a database that is declared',
      { controlPlane: { egress: [{ cidr: '10.200.0.1/32', ports: [{ port: 80 }] }] } },
      '10.200.0.1',
      [80, 443],
    ],
  ])('%s', (_what, network, to, open) => {
    expect(reached(network, to)).toEqual(open);
  });

  it.each<[who: string, from: PolicyPod | string, ports: readonly number[]]>([
    ['everybody reaches its API server', '203.0.113.7', [8443]],
    ['other pods of the host reach no more', STRANGERS.anybody, [8443]],
    ['pods of the tenant reach the kubelet API too', OWN[0] ?? '', [8443, 10250]],
  ])('%s', (_who, from, open) => {
    const options = { isolation: { network: { egress: [{ podLabels: { app: 'vcluster' } }] } } };
    const host = isolatedHost(options, { namespaces: NAMESPACES, pods: OWN, policies: [] });
    const to = STRANGERS.controlPlane;
    expect(
      PROBES.filter((probe) => isAllowed(host, { ...probe, from: inHost(host, from), to })).map(({ port }) => port),
    ).toEqual(open);
  });
});
