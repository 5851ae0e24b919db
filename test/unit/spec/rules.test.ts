import { nearest } from '../../../lib/spec/nearest';
import { RULES } from '../../../lib/spec/rules';

describe('rules of text fields', () => {
  it.each<[keyof typeof RULES, readonly string[], readonly string[]]>([
    ['label', ['a', 'a-b', '0a'], ['', 'A', '-a', 'a.b', 'a'.repeat(64)]],
    ['subdomain', ['a', 'a.b-c'], ['', 'a..b', 'A', '.a']],
    ['domain', ['cluster.local', 'x'], ['cluster.local.', 'a b']],
    ['subjectAltName', ['10.0.0.1', '::1', 'a.example', '*.a.example'], ['a.*.example', '*', 'https://a', '']],
    ['quantity', ['1', '250m', '1.5Gi', '.5', '1e3', '128974848'], ['', '1GB', 'one', '-1', '1 Gi', '1Ki i']],
    ['image', ['nginx', 'a.b:5000/c/d:1', `x@sha256:${'0'.repeat(64)}`], ['', 'https://x/y', 'a b', 'x@sha256:0']],
    ['registry', ['a.example', 'a.example:5000/m/n'], ['https://a', 'a/', 'a b', '']],
    ['cidr', ['10.0.0.0/8', 'fd00::/108', '10.0.0.0/8,fd00::/108'], ['10.0.0.0', '10.0.0.0/33', 'x/8', 'a,b,c', '']],
    [
      'httpsUrl',
      ['https://a.b', 'https://a:6443/', 'https://[::1]:8443'],
      ['http://a', 'https://a/b', 'a', 'https://'],
    ],
    ['labelKey', ['a', 'a.b/c_d', 'A.b'], ['', '/a', 'a/b/c', 'a b', '-a']],
    ['labelValue', ['', 'a', 'A_b.c'], ['-a', 'a b', 'a'.repeat(64)]],
    ['free', ['', 'a "b"\nc\td', 'ä'], ['\u0001', 'a\u0000b', '\u007f']],
  ])('%s', (rule, right, wrong) => {
    const { test } = RULES[rule];
    expect([right.filter((text) => !test(text)), wrong.filter((text) => test(text))]).toEqual([[], []]);
  });
});

describe('nearest', () => {
  it.each([
    ['namspace', 'namespace'],
    ['nmaespace', 'namespace'],
    ['Store', 'store'],
    ['dnss', 'dns'],
    ['networks', undefined],
    ['x', undefined],
  ])('%s is meant as %s', (word, meant) => {
    expect(nearest(word, ['name', 'namespace', 'store', 'dns', 'networking'])).toBe(meant);
  });
});
