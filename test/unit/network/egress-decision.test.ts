import { type EgressFacts, egressDecision, plainAddress } from '../../../syncer/network/egress-decision';

const facts: EgressFacts = {
  nodeAt: (address) => ({ '10.96.7.1': 'node-1', 'fd00::7': 'node-6' })[address],
  isOwn: (address) =>
    ['10.96.3.3', '10.85.0.9', 'fd00::3', '127.0.0.1', '169.254.169.254', '10.96.0.1'].includes(address),
  isHostApi: (address) => address === '10.96.0.1',
};

describe('row 31: where the virtual API server may connect', () => {
  it.each([
    ['the kubelet of a node', '10.96.7.1', 10250, { kind: 'kubelet', node: 'node-1' }],
    ['the kubelet of a node by IPv6', 'fd00:0:0::0007', 10250, { kind: 'kubelet', node: 'node-6' }],
    ['a Service of its own', '10.96.3.3', 443, { kind: 'dial', host: '10.96.3.3', port: 443 }],
    ['a pod of its own', '10.85.0.9', 8080, { kind: 'dial', host: '10.85.0.9', port: 8080 }],
    ['the metrics API, which has a name alone', 'metrics.sublet.internal', 443, { kind: 'metrics' }],
    ['its own by IPv6, however it is written', 'FD00::0:3', 443, { kind: 'dial', host: 'fd00::3', port: 443 }],
    ['its own by IPv4 in IPv6', '::ffff:10.85.0.9', 80, { kind: 'dial', host: '10.85.0.9', port: 80 }],
  ])('%s', (_, host, port, expected) => {
    expect(egressDecision(host, port, facts)).toEqual(expected);
  });

  it.each([
    ['another port of a node', '10.96.7.1', 443],
    ['what nobody knows', '10.96.3.4', 443],
    ['the internet', '8.8.8.8', 443],
    ['the host’s API server, even under a Service of its own', '10.96.0.1', 443],
    ['the loopback, whatever the caches say', '127.0.0.1', 8443],
    ['the loopback by IPv6', '::1', 8443],
    ['the loopback in IPv6', '::ffff:127.0.0.1', 8443],
    ['the loopback in hexadecimal IPv6', '::ffff:7f00:1', 8443],
    ['this machine', '0.0.0.0', 8443],
    ['this machine by IPv6', '::', 8443],
    ['the metadata of clouds', '169.254.169.254', 80],
    ['the metadata of clouds in IPv6', '::ffff:a9fe:a9fe', 80],
    ['link-local IPv6', 'fe80::1', 443],
    ['link-local IPv6 with a zone', 'fe80::1%eth0', 443],
    ['multicast', '224.0.0.1', 443],
    ['another port of the metrics API', 'metrics.sublet.internal', 8443],
    ['a name', 'kubernetes.default.svc', 443],
    ['an address in another notation', '0x7f.1', 443],
    ['an address as one number', '2130706433', 443],
    ['no port', '10.85.0.9', 0],
    ['too high a port', '10.85.0.9', 65536],
  ])('not %s', (_, host, port) => {
    expect(egressDecision(host, port, facts).kind).toBe('refuse');
  });
});

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['FD00:0:0:0::1', 'fd00::1'],
  ['::ffff:192.168.1.255', '192.168.1.255'],
  ['::FFFF:C0A8:01FF', '192.168.1.255'],
  ['10.0.0', undefined],
  ['010.0.0.1', undefined],
  ['', undefined],
])('the plain form of %p is %p', (host, expected) => {
  expect(plainAddress(host)).toBe(expected);
});
