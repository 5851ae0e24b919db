import { leakedIn, leaksIn } from '../../support/leaks';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${part({ alg: 'RS256', kid: 'k' })}.${part({ sub: 'system:serviceaccount:a:b' })}.${'s1g_natur-e'.repeat(4)}`;
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';

describe('a text leaks', () => {
  it.each([
    ['a token', TOKEN, ['a token']],
    ['a token in the midst of a line', `sent "Bearer ${TOKEN}".`, ['a token']],
    ['a token that is encoded once more', `token: ${Buffer.from(TOKEN).toString('base64')}`, ['a token']],
    ['a private key', `x\n${KEY}`, ['a private key']],
    ['a private key without the kind of it', KEY.replace('RSA ', ''), ['a private key']],
    ['an encoded private key', Buffer.from(KEY).toString('base64'), ['a private key']],
    ['both', `${KEY} ${TOKEN}`, ['a token', 'a private key']],
  ])('%s', (_, text, kinds) => {
    expect(leakedIn(text)).toEqual(kinds);
  });

  it.each([
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----'],
    ['an encoded certificate', Buffer.from('-----BEGIN CERTIFICATE-----\nMIIE\n'.repeat(3)).toString('base64')],
    ['a public key', '-----BEGIN PUBLIC KEY-----'],
    ['what was taken out', 'Bearer [redacted]'],
    ['the beginning of a token', TOKEN.split('.')[0] ?? ''],
  ])('nothing with %s', (_, text) => {
    expect(leakedIn(text)).toEqual([]);
  });
});

it('the place of a leak is named, and what leaks is not', () => {
  const leaks = leaksIn({
    metadata: { annotations: { 'example.com/a': TOKEN, b: 'harmless' } },
    spec: { env: [{ name: 'A', value: 1 }, { value: KEY }], [TOKEN]: 'x' },
  });
  expect(leaks).toEqual([
    'metadata.annotations["example.com/a"]: a token',
    'spec.env[1].value: a private key',
    'spec, a key: a token',
  ]);
});
