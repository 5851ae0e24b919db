import { forbiddenAddress } from '../../../syncer/services/addresses';

describe('addresses that no endpoint may have', () => {
  it.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::ffff:7f00:1', 'a loopback address'],
    ['169.254.169.254', 'a link-local address'],
    ['::ffff:169.254.169.254', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['febf::1', 'a link-local address'],
    ['0.0.0.0', 'an unspecified address'],
    ['::', 'an unspecified address'],
    ['224.0.0.1', 'a multicast address'],
    ['255.255.255.255', 'the broadcast address'],
    ['ff02::1', 'a multicast address'],
    ['fe80::1%eth0', 'no IP address'],
    ['0177.0.0.1', 'no IP address'],
    ['localhost', 'no IP address'],
    ['', 'no IP address'],
  ])('%s is %s', (address, what) => {
    expect(forbiddenAddress(address)).toBe(what);
  });

  it.each(['10.0.0.1', '192.168.1.1', '8.8.8.8', 'fd00::1', '2001:db8::1', '::ffff:10.0.0.1'])(
    '%s is none',
    (address) => {
      expect(forbiddenAddress(address)).toBeUndefined();
    },
  );
});
