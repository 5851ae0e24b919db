import * as fc from 'fast-check';
import {
  type AddressRange,
  type Allowance,
  commonPorts,
  commonRange,
  exceptionsIn,
  formatRange,
  nat64Range,
  type PolicyPort,
  type PortRange,
  parseRange,
} from '../../../lib/contract/network';
import { clippedBlock } from '../../../syncer/network/isolation/clip';

const range = (text: string): AddressRange => {
  const found = parseRange(text);
  if (found === undefined) throw new Error(`${text} is no range`);
  return found;
};

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.5/8', '10.0.0.0/8'],
    ['10.0.0.5', '10.0.0.5/32'],
    ['FD00:0:0::1/64', 'fd00::/64'],
    ['::/0', '::/0'],
    ['::ffff:169.254.169.254/128', '169.254.169.254/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['010.0.0.1/8', undefined],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/08', undefined],
    ['fe80::1%eth0/64', undefined],
    ['10.0.0.0/8/8', undefined],
    ['', undefined],
  ])('is read from %p as %p', (text, expected) => {
    const found = parseRange(text);
    expect(found && formatRange(found)).toBe(expected);
  });

  it('is the same once written and read again, and holds what it has in common with another', () => {
    const ranges = fc
      .record({ family: fc.constantFrom(4, 6), value: fc.bigInt(0n, (1n << 128n) - 1n), bits: fc.nat(128) })
      .map(({ family, value, bits }) => {
        const width = family === 4 ? 32 : 128;
        const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
        const address = family === 4 ? [24n, 16n, 8n, 0n].map((s) => (value >> s) & 255n).join('.') : groups.join(':');
        return range(`${address}/${bits % (width + 1)}`);
      });
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        expect(parseRange(formatRange(a))).toEqual(a);
        const common = commonRange(a, b);
        expect(commonRange(b, a)).toEqual(common);
        if (common !== undefined) expect([formatRange(a), formatRange(b)]).toContain(formatRange(common));
      }),
    );
  });

  it('has only exceptions that lie in it, and none when they leave nothing', () => {
    const of = (whole: string, ...except: string[]) => exceptionsIn(range(whole), except.map(range))?.map(formatRange);
    expect(of('10.0.0.0/8', '10.2.0.0/16', '10.1.0.0/16', '10.1.7.0/24', '192.0.2.0/24')).toEqual([
      '10.1.0.0/16',
      '10.2.0.0/16',
    ]);
    expect(of('10.0.0.0/8', '10.1.0.0/16', '10.1.0.0/16')).toEqual(['10.1.0.0/16']);
    expect(of('10.0.0.0/8', '0.0.0.0/0')).toBeUndefined();
    expect(of('10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9')).toBeUndefined();
    expect(formatRange(nat64Range(range('169.254.0.0/16')))).toBe('64:ff9b::a9fe:0/112');
  });
});

it.each<[what: string, wanted: readonly PolicyPort[], allowed: readonly PortRange[], expected: object | undefined]>([
  ['all of what is allowed', [], [{ protocol: 'TCP', port: 80 }], [{ protocol: 'TCP', port: 80 }]],
  ['all of what is wanted', [{ port: 'http' }], [], [{ port: 'http' }]],
  ['a port of TCP', [{ port: 80 }], [{ protocol: 'TCP', port: 80 }], [{ protocol: 'TCP', port: 80 }]],
  [
    'the part of a range',
    [{ port: 70, endPort: 90 }],
    [{ protocol: 'TCP', port: 80, endPort: 99 }],
    [{ protocol: 'TCP', port: 80, endPort: 90 }],
  ],
  ['nothing of another protocol', [{ port: 80, protocol: 'UDP' }], [{ protocol: 'TCP', port: 80 }], undefined],
  ['nothing of a port by name', [{ port: 'http' }], [{ protocol: 'TCP', port: 80 }], undefined],
])('ports have in common %s', (_what, wanted, allowed, expected) => {
  expect(commonPorts(wanted, allowed)).toEqual(expected);
});

describe('a tenant’s block of addresses', () => {
  const allowed: readonly Allowance[] = [
    { kind: 'own', peers: [{ podSelector: {} }], ports: [] },
    {
      kind: 'declared',
      peers: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
      ports: [{ protocol: 'TCP', port: 443 }],
    },
  ];
  const open = [{ protocol: 'TCP', port: 443 }];

  it.each<[what: string, block: { cidr: string; except?: string[] }, left: object | undefined]>([
    ['inside of what is allowed', { cidr: '10.2.0.0/16' }, { cidr: '10.2.0.0/16' }],
    ['around what is never allowed', { cidr: '10.0.0.0/12' }, { cidr: '10.0.0.0/12', except: ['10.1.0.0/16'] }],
    [
      'wider than what is allowed',
      { cidr: '8.0.0.0/6', except: ['10.7.0.0/16'] },
      { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.7.0.0/16'] },
    ],
    ['inside of what is never allowed', { cidr: '10.1.2.0/24' }, undefined],
    ['elsewhere', { cidr: '192.0.2.0/24' }, undefined],
    ['of another family', { cidr: 'fd00::/8' }, undefined],
    ['in another notation', { cidr: '010.2.0.0/16' }, undefined],
  ])('%s', (_what, block, left) => {
    const { rules, taken } = clippedBlock(block, [], allowed, 'spec.egress[0].to[0].ipBlock.cidr');
    expect(rules).toEqual(left === undefined ? [] : [{ peers: [{ ipBlock: left }], ports: open }]);
    expect(taken).toEqual([expect.stringMatching(/^spec\.egress\[0\]\.to\[0\]\.ipBlock\.cidr: /)]);
  });

  it('of which nothing is taken needs no word', () => {
    const { taken } = clippedBlock({ cidr: '10.2.0.0/16' }, open, allowed, 'spec.egress[0].to[0].ipBlock.cidr');
    expect(taken).toEqual([]);
  });

  it('of all addresses of a family means pods too', () => {
    expect(clippedBlock({ cidr: '0.0.0.0/0' }, [], allowed, 'f').rules).toHaveLength(2);
    expect(clippedBlock({ cidr: '::/0' }, [], allowed, 'f').rules).toHaveLength(1);
  });
});
