import { type DnsOptions, resolveSpec, SpecError, type SpecIssue } from '../../../lib';

const dnsOf = (dns: unknown) => resolveSpec({ name: 'team-a', dns: dns as DnsOptions }).dns;

function issuesOf(dns: unknown): readonly SpecIssue[] {
  try {
    dnsOf(dns);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

describe('DNS as declared', () => {
  it('is CoreDNS unless something else is said', () => {
    expect([dnsOf(undefined).mode, dnsOf({ replicas: 3 }).mode, dnsOf({ mode: 'coredns' }).mode]).toEqual([
      'coredns',
      'coredns',
      'coredns',
    ]);
    expect(dnsOf({ mode: 'embedded' })).toEqual({ mode: 'embedded', forwardToHost: false, names: [], upstream: [] });
  });

  it('keeps the default of each amount that is not named', () => {
    expect(dnsOf({ resources: { requests: { cpu: '1' }, limits: { cpu: '2' } } })).toMatchObject({
      resources: { requests: { cpu: '1', memory: '64Mi' }, limits: { cpu: '2', memory: '170Mi' } },
    });
  });

  const names = [
    { name: 'db.example.com', to: { kind: 'hostService', namespace: 'shop', name: 'db' } },
    { name: 'api.default.svc.cluster.local', to: { kind: 'name', name: 'api.example.com' } },
    { name: 'printer', to: { kind: 'addresses', addresses: ['192.0.2.1', '2001:db8::1'] } },
  ];
  it('maps names to Services of the host, to other names and to addresses', () => {
    expect(dnsOf({ names }).names).toEqual(names);
    expect(dnsOf({ mode: 'embedded', names }).names).toEqual(names);
  });

  const to = { kind: 'name', name: 'b.example.com' };
  it.each<[string, unknown, Partial<SpecIssue>]>([
    ['an unknown mode', { mode: 'embeded' }, { path: 'dns.mode', value: 'embeded', hint: 'did you mean "embedded"?' }],
    ['replicas where there is no pod', { mode: 'embedded', replicas: 2 }, { path: 'dns.replicas', value: 2 }],
    ['resources where there is no pod', { mode: 'embedded', resources: {} }, { path: 'dns.resources' }],
    ['too many replicas', { replicas: 101 }, { path: 'dns.replicas', allowed: 'a whole number from 1 to 100' }],
    ['a server by its name', { upstream: ['dns.example.com'] }, { path: 'dns.upstream[0]', value: 'dns.example.com' }],
    ['a server with a zone', { upstream: ['fe80::1%eth0'] }, { path: 'dns.upstream[0]' }],
    ['a name that is none', { names: [{ name: 'DB!', to }] }, { path: 'dns.names[0].name', value: 'DB!' }],
    ['a name that leads nowhere', { names: [{ name: 'a' }] }, { path: 'dns.names[0].to' }],
    [
      'an unknown target',
      { names: [{ name: 'a', to: { kind: 'host' } }] },
      { path: 'dns.names[0].to.kind', value: 'host', allowed: 'hostService, name, addresses' },
    ],
    [
      'a Service without its namespace',
      { names: [{ name: 'a', to: { kind: 'hostService', name: 'db' } }] },
      { path: 'dns.names[0].to.namespace', message: 'is missing' },
    ],
    [
      'no address',
      { names: [{ name: 'a', to: { kind: 'addresses', addresses: [] } }] },
      { path: 'dns.names[0].to.addresses', allowed: 'one or more addresses' },
    ],
    [
      'an address that is none',
      { names: [{ name: 'a', to: { kind: 'addresses', addresses: ['1.2.3'] } }] },
      { path: 'dns.names[0].to.addresses[0]', value: '1.2.3', allowed: 'an IP address such as 10.0.0.53 or fd00::53' },
    ],
    [
      'a name that is mapped twice',
      {
        names: [
          { name: 'a', to },
          { name: 'a', to },
        ],
      },
      { path: 'dns.names[1].name', value: 'a', message: 'is mapped twice' },
    ],
    [
      'a name that leads to itself',
      { names: [{ name: 'b.example.com', to }] },
      { path: 'dns.names[0].to.name', allowed: 'a name that is not mapped itself' },
    ],
  ])('is refused with %s', (_what, dns, issue) => {
    expect(issuesOf(dns)).toEqual([expect.objectContaining(issue)]);
  });
});
