import fc from 'fast-check';
import { lookupInCluster } from '../../../syncer/dns/cluster-records';
import { TYPE } from '../../../syncer/dns/wire/message';
import { furnishedCluster, service } from './fixtures';
import { shown } from './show';

const { A, AAAA, SRV, PTR, TXT, SOA, NS, CNAME, MX } = TYPE;
const { zone, services } = furnishedCluster();

/** The outcome of a lookup in short. */
function found(name: string, type: number): unknown {
  const lookup = lookupInCluster(name, type, zone);
  switch (lookup.kind) {
    case 'records':
      return lookup.answers.map(shown);
    case 'alias':
      return `-> ${lookup.target}`;
    default:
      return lookup.kind;
  }
}

const NIBBLES = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f';

describe('names of a virtual cluster, by the specification', () => {
  it.each<[string, string, number, unknown]>([
    ['2.2 schema version', 'dns-version.cluster.local', TXT, ['dns-version.cluster.local TXT "\\u00051.0.1"']],
    ['2.3.1 Service', 'web.shop.svc.cluster.local', A, ['web.shop.svc.cluster.local A 10.96.1.1']],
    [
      '2.3.1 Service of both families',
      'web.shop.svc.cluster.local',
      AAAA,
      ['web.shop.svc.cluster.local AAAA fd00:0010:0096:0000:0000:0000:0000:0001'],
    ],
    [
      '2.3.2 port of a Service',
      '_http._tcp.web.shop.svc.cluster.local',
      SRV,
      ['_http._tcp.web.shop.svc.cluster.local SRV 0 100 80 web.shop.svc.cluster.local'],
    ],
    [
      '2.3.2 port of the other protocol',
      '_quic._udp.web.shop.svc.cluster.local',
      SRV,
      ['_quic._udp.web.shop.svc.cluster.local SRV 0 100 443 web.shop.svc.cluster.local'],
    ],
    ['2.3.2 port under the wrong protocol', '_http._udp.web.shop.svc.cluster.local', SRV, 'no-name'],
    ['2.3.2 port that does not exist', '_ssh._tcp.web.shop.svc.cluster.local', SRV, 'no-name'],
    ['2.3.2 port without an underscore', 'http._tcp.web.shop.svc.cluster.local', SRV, 'no-name'],
    ['2.3.2 address of a port', '_http._tcp.web.shop.svc.cluster.local', A, 'no-data'],
    [
      '2.3.3 address of a Service',
      '1.1.96.10.in-addr.arpa',
      PTR,
      ['1.1.96.10.in-addr.arpa PTR web.shop.svc.cluster.local'],
    ],
    [
      '2.3.3 IPv6 address of a Service',
      `${NIBBLES}.ip6.arpa`,
      PTR,
      [`${NIBBLES}.ip6.arpa PTR web.shop.svc.cluster.local`],
    ],
    [
      '2.4.1 headless Service: those that are ready',
      'db.shop.svc.cluster.local',
      A,
      [
        'db.shop.svc.cluster.local A 10.0.0.1',
        'db.shop.svc.cluster.local A 10.0.0.2',
        'db.shop.svc.cluster.local A 10.0.0.4',
      ],
    ],
    ['2.4.1 headless Service of the other family', 'db.shop.svc.cluster.local', AAAA, 'no-data'],
    ['2.4.1 headless Service without ready endpoints', 'idle.shop.svc.cluster.local', A, 'no-name'],
    ['2.4.1 pod of a StatefulSet', 'db-0.db.shop.svc.cluster.local', A, ['db-0.db.shop.svc.cluster.local A 10.0.0.1']],
    ['2.4.1 pod that is not ready', 'db-2.db.shop.svc.cluster.local', A, 'no-name'],
    [
      '2.4.1 pod without a name',
      '10-0-0-4.db.shop.svc.cluster.local',
      A,
      ['10-0-0-4.db.shop.svc.cluster.local A 10.0.0.4'],
    ],
    ['2.4.1 pod under the name that it has not', '10-0-0-1.db.shop.svc.cluster.local', A, 'no-name'],
    [
      'named pod of a Service with an address',
      'canary.web.shop.svc.cluster.local',
      A,
      ['canary.web.shop.svc.cluster.local A 10.0.1.1'],
    ],
    [
      '2.4.2 port of a headless Service: the number is that of the pods',
      '_sql._tcp.db.shop.svc.cluster.local',
      SRV,
      [
        '_sql._tcp.db.shop.svc.cluster.local SRV 0 33 5433 db-0.db.shop.svc.cluster.local',
        '_sql._tcp.db.shop.svc.cluster.local SRV 0 33 5433 db-1.db.shop.svc.cluster.local',
        '_sql._tcp.db.shop.svc.cluster.local SRV 0 33 5433 10-0-0-4.db.shop.svc.cluster.local',
      ],
    ],
    ['2.4.3 named pod', '1.0.0.10.in-addr.arpa', PTR, ['1.0.0.10.in-addr.arpa PTR db-0.db.shop.svc.cluster.local']],
    [
      '2.4.3 pod without a name',
      '4.0.0.10.in-addr.arpa',
      PTR,
      ['4.0.0.10.in-addr.arpa PTR 10-0-0-4.db.shop.svc.cluster.local'],
    ],
    ['2.4.3 pod that is not ready', '3.0.0.10.in-addr.arpa', PTR, 'outside'],
    ['a pod behind a Service with an address has no name there', '2.1.0.10.in-addr.arpa', PTR, 'outside'],
    ['2.5 ExternalName', 'away.shop.svc.cluster.local', A, '-> web.example.com'],
    ['2.5 below an ExternalName', 'x.away.shop.svc.cluster.local', A, 'no-name'],
    ['2.6 address of a pod', '10-1-2-3.shop.pod.cluster.local', A, ['10-1-2-3.shop.pod.cluster.local A 10.1.2.3']],
    [
      '2.6 IPv6 address of a pod',
      'fd00--7.shop.pod.cluster.local',
      AAAA,
      ['fd00--7.shop.pod.cluster.local AAAA fd00:0000:0000:0000:0000:0000:0000:0007'],
    ],
    ['2.6 address of a pod in no namespace', '10-1-2-3.nowhere.pod.cluster.local', A, 'no-name'],
    ['2.6 no address', 'web.shop.pod.cluster.local', A, 'no-name'],
    ['a Service that does not exist', 'nothing.shop.svc.cluster.local', A, 'no-name'],
    ['a namespace', 'empty.svc.cluster.local', A, 'no-data'],
    ['a namespace that does not exist', 'nowhere.svc.cluster.local', A, 'no-name'],
    ['what Services lie below', 'svc.cluster.local', A, 'no-data'],
    ['anything else', 'web.cluster.local', A, 'no-name'],
    ['anything else, deep', 'a.b.c.web.shop.svc.cluster.local', A, 'no-name'],
    ['another type of record', 'web.shop.svc.cluster.local', MX, 'no-data'],
    ['the name that a Service is an alias of', 'web.shop.svc.cluster.local', CNAME, 'no-data'],
    ['the zone itself', 'cluster.local', A, 'no-data'],
    ['who is responsible', 'cluster.local', SOA, ['cluster.local SOA ns.dns.cluster.local hostmaster.cluster.local 5']],
    ['who answers', 'cluster.local', NS, ['cluster.local NS ns.dns.cluster.local']],
    ['the address of who answers', 'ns.dns.cluster.local', A, ['ns.dns.cluster.local A 10.96.0.53']],
    ['a name of the world', 'example.com', A, 'outside'],
    ['a name that only ends alike', 'notcluster.local', A, 'outside'],
    ['an address of the world', '8.8.8.8.in-addr.arpa', PTR, 'outside'],
    ['a part of an address', '96.10.in-addr.arpa', PTR, 'outside'],
    ['no address', 'x.1.96.10.in-addr.arpa', PTR, 'outside'],
  ])('%s: %s', (_what, name, type, expected) => {
    expect(found(name, type)).toEqual(expected);
  });

  it('all ports of a Service are told to those who ask for none, with the address beside', () => {
    const lookup = lookupInCluster('web.shop.svc.cluster.local', SRV, zone);
    expect(lookup).toMatchObject({ kind: 'records' });
    if (lookup.kind !== 'records') return;
    expect(lookup.answers.map((record) => record.data)).toEqual(
      [80, 443, 9000].map((port) => expect.objectContaining({ port, weight: 33 })),
    );
    expect(lookup.additionals.map(shown)).toEqual([
      'web.shop.svc.cluster.local A 10.96.1.1',
      'web.shop.svc.cluster.local AAAA fd00:0010:0096:0000:0000:0000:0000:0001',
    ]);
  });

  it('the address of a Service leads to its name as long as it has it', () => {
    const moved = service('late', 'shop', { clusterIP: '10.96.1.9' });
    services.put(moved);
    expect(found('9.1.96.10.in-addr.arpa', PTR)).toEqual(['9.1.96.10.in-addr.arpa PTR late.shop.svc.cluster.local']);
    services.put(service('late', 'shop', { clusterIP: '10.96.1.8' }));
    expect(found('9.1.96.10.in-addr.arpa', PTR)).toBe('outside');
    expect(found('8.1.96.10.in-addr.arpa', PTR)).toEqual(['8.1.96.10.in-addr.arpa PTR late.shop.svc.cluster.local']);
    services.remove(service('late', 'shop', { clusterIP: '10.96.1.8' }));
    expect(found('8.1.96.10.in-addr.arpa', PTR)).toBe('outside');
  });

  it('another domain changes every name', () => {
    const other = furnishedCluster('team.example').zone;
    expect(lookupInCluster('web.shop.svc.cluster.local', A, other).kind).toBe('outside');
    const lookup = lookupInCluster('1.1.96.10.in-addr.arpa', PTR, other);
    expect(lookup.kind === 'records' && lookup.answers.map(shown)).toEqual([
      '1.1.96.10.in-addr.arpa PTR web.shop.svc.team.example',
    ]);
  });

  it('of any shape have an outcome', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'svc',
        'pod',
        'shop',
        'db',
        'web',
        '_http',
        '_tcp',
        'db-0',
        '10-0-0-4',
        'dns',
        'ns',
        '10',
        '\\046',
        '-',
        '_',
      ),
      fc.string({ maxLength: 4 }).filter((text) => !text.includes('.')),
    );
    const suffix = fc.constantFrom('cluster.local', 'svc.cluster.local', 'in-addr.arpa', 'ip6.arpa', 'com');
    const type = fc.oneof(fc.constantFrom(...Object.values(TYPE)), fc.nat(65_535));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 34 }), suffix, type, (parts, end, asked) => {
        const lookup = lookupInCluster([...parts, end].join('.').toLowerCase(), asked, zone);
        if (lookup.kind === 'records') expect(lookup.answers.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
