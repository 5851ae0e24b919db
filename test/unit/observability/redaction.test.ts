import { REDACTED, redact } from '../../../syncer/observability/redaction';

it.each([
  [
    'names of secrets',
    { password: 'p', api_token: 't', 'client-key': 'k', stringData: { a: 'b' } },
    ['password', 'api_token', 'client-key', 'stringData'],
  ],
])('%s lose their values', (_, value, keys) => {
  expect(redact(value)).toEqual(Object.fromEntries(keys.map((key) => [key, REDACTED])));
});

it('what only sounds like a secret stays', () => {
  const value = { key: 'shop/web', tokens: 3, hasToken: true, secretName: 'x', tokenExpiry: '2026' };
  expect(redact(value)).toEqual(value);
});

it('what holds itself, lies too deep or is binary is cut off', () => {
  const self: Record<string, unknown> = { bytes: Buffer.from('abc'), big: 1n };
  self.self = self;
  expect(redact(self)).toEqual({ bytes: '[3 bytes]', big: '1', self: '[circular]' });
  expect(JSON.stringify(redact({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } }))).toContain('[object]');
});
