import { parseSpec, resolveSpec, SpecError, type SpecIssue } from '../../../lib';
import type { NetworkOptions } from '../../../lib/spec';

const HOST = { nodes: ['10.1.0.0/24'], pods: ['10.42.0.0/16'], services: ['10.43.0.0/16'] };

function networkOf(network: NetworkOptions | undefined) {
  const { isolation } = resolveSpec({ name: 'a', isolation: network === undefined ? {} : { network } }).sections;
  return isolation.level === 'off' ? undefined : isolation.network;
}

function issuesOf(network: object): readonly SpecIssue[] {
  try {
    parseSpec({ name: 'a', isolation: { network } });
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

describe('what a declaration says about the network', () => {
  it('opens nothing by default, on every level but off', () => {
    expect(networkOf(undefined)).toMatchObject({ enforce: true, egress: [], ingress: [] });
    const levels = (['baseline', 'restricted', 'privileged', 'off'] as const).map(
      (level) => resolveSpec({ name: 'a', isolation: { level } }).sections.isolation,
    );
    expect(levels.map((one) => one.level !== 'off' && one.network.enforce)).toEqual([true, true, true, false]);
  });

  it('takes out of a range what must never be reached, and only that part of it', () => {
    const network = networkOf({ egress: [{ cidr: '10.0.0.0/8', except: ['10.5.0.0/16'] }], hostRanges: HOST });
    expect(network).toMatchObject({
      egress: [{ peer: { except: ['10.1.0.0/24', '10.5.0.0/16', '10.42.0.0/16', '10.43.0.0/16'] }, ports: [] }],
    });
    const all = networkOf({ egress: [{ cidr: '0.0.0.0/0', ports: [{ port: 443 }] }], hostRanges: HOST });
    expect(all).toMatchObject({
      egress: [
        {
          peer: {
            except: [
              '10.1.0.0/24',
              '10.42.0.0/16',
              '10.43.0.0/16',
              '100.100.100.200/32',
              '168.63.129.16/32',
              '169.254.0.0/16',
            ],
          },
          ports: [{ protocol: 'TCP', port: 443 }],
        },
      ],
    });
  });

  it.each<[what: string, network: object, issue: Partial<SpecIssue>]>([
    [
      'a range while the host is unknown',
      { egress: [{ cidr: '0.0.0.0/0' }] },
      { path: 'isolation.network.hostRanges', message: expect.stringContaining('egress.0 opens') as unknown as string },
    ],
    [
      'IPv6 while only IPv4 of the host is known',
      { egress: [{ cidr: '::/0' }], hostRanges: HOST },
      { path: 'isolation.network.hostRanges.nodes', allowed: 'at least one IPv6 range' },
    ],
    [
      'nothing but nodes',
      { egress: [{ cidr: '10.1.0.128/25' }], hostRanges: HOST },
      { path: 'isolation.network.egress[0].cidr', message: 'lies in what no tenant may ever reach' },
    ],
    [
      'nothing but nodes and pods, part by part',
      { egress: [{ cidr: '10.8.0.0/15' }], hostRanges: { ...HOST, nodes: ['10.8.0.0/16'], pods: ['10.9.0.0/16'] } },
      { path: 'isolation.network.egress[0].cidr' },
    ],
    [
      'a metadata service',
      { egress: [{ cidr: '169.254.169.254/32' }], hostRanges: HOST },
      {
        path: 'isolation.network.egress[0].cidr',
        hint: expect.stringContaining('169.254.0.0/16') as unknown as string,
      },
    ],
    [
      'an IPv4 range written as IPv6',
      { egress: [{ cidr: '::ffff:10.0.0.0/104' }], hostRanges: HOST },
      { path: 'isolation.network.egress[0].cidr', hint: 'did you mean 10.0.0.0/8?' },
    ],
    [
      'bits beyond the prefix',
      { egress: [{ cidr: '10.0.0.5/8' }], hostRanges: HOST },
      { path: 'isolation.network.egress[0].cidr', hint: 'did you mean 10.0.0.0/8?' },
    ],
    [
      'an exception outside of its range',
      { ingress: [{ cidr: '203.0.113.0/24', except: ['198.51.100.0/24'] }] },
      { path: 'isolation.network.ingress[0].except[0]', message: 'is not a part of cidr' },
    ],
    ['a rule about nobody', { egress: [{ podLabels: {} }] }, { path: 'isolation.network.egress[0]' }],
    [
      'addresses and labels at once',
      { ingress: [{ cidr: '203.0.113.0/24', podLabels: { app: 'a' } }] },
      { path: 'isolation.network.ingress[0].cidr', message: 'stands beside labels' },
    ],
    [
      'pods of the host by address',
      { ingress: [{ cidr: '10.42.7.0/24' }], hostRanges: HOST },
      {
        path: 'isolation.network.ingress[0].cidr',
        hint: 'let pods in by namespaceLabels and podLabels',
      },
    ],
    [
      'ports that end before they begin',
      { ingress: [{ podLabels: { app: 'a' }, ports: [{ port: 90, endPort: 80 }] }] },
      { path: 'isolation.network.ingress[0].ports[0].endPort', allowed: '90 or more' },
    ],
    [
      'a kind of host range that is empty',
      { hostRanges: { ...HOST, pods: [] } },
      { path: 'isolation.network.hostRanges.pods' },
    ],
    [
      'a kind of host range that is left out',
      { hostRanges: { nodes: HOST.nodes, pods: HOST.pods } },
      { path: 'isolation.network.hostRanges.services' },
    ],
    ['DNS nowhere', { hostDns: [] }, { path: 'isolation.network.hostDns' }],
    ['rules while it is off', { enforce: false, egress: [] }, { path: 'isolation.network.egress' }],
  ])('is refused: %s', (_what, network, issue) => {
    expect(issuesOf(network)).toEqual(expect.arrayContaining([expect.objectContaining(issue)]));
  });
});
